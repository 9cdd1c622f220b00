package io.dfc.api.network;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A layered network; layer {@code i} computes {@code v_i = W_i r_(i-1) + b_i}, {@code r_i =
 * phi_i(v_i)}, {@code r_0 = x}.
 *
 * <p>In method arguments layers are counted from 0 for the first hidden layer, as lists of tensors
 * are.
 *
 * @param inputs number of inputs {@code n_0}, at least 1
 * @param layers layers from the first hidden one to the output, at least one
 * @param bias whether there are biases
 */
public record Network(int inputs, List<Layer> layers, boolean bias) {
    /** Checks the sizes and copies the list. */
    public Network {
        layers = List.copyOf(layers);
        if (inputs < 1) {
            throw new BadConfigurationException("network", "needs at least 1 input, got " + inputs);
        }
        if (layers.isEmpty()) {
            throw new BadConfigurationException("network", "needs at least an output layer");
        }
    }

    /**
     * A network with biases, one kind of hidden layer and a linear output, as in all published
     * experiments.
     *
     * @param hidden activation of the hidden layers
     * @param sizes inputs, hidden layers, outputs; at least two numbers
     * @return the network
     */
    public static Network of(Activation hidden, int... sizes) {
        if (sizes.length < 2) {
            throw new BadConfigurationException(
                    "network", "needs at least an input and an output size");
        }
        List<Layer> layers =
                IntStream.range(1, sizes.length)
                        .mapToObj(
                                i ->
                                        new Layer(
                                                sizes[i],
                                                i < sizes.length - 1
                                                        ? hidden
                                                        : new Activation.Linear()))
                        .toList();
        return new Network(sizes[0], layers, true);
    }

    /** {@return the number of layers {@code L}, the input not counted} */
    public int depth() {
        return layers.size();
    }

    /** {@return the number of outputs {@code n_L}} */
    public int outputs() {
        return layers.getLast().size();
    }

    /**
     * Number of neurons of a layer.
     *
     * @param layer layer, from 0
     * @return {@code n_i}
     */
    public int size(int layer) {
        return layers.get(layer).size();
    }

    /**
     * Number of presynaptic neurons (or inputs) of a layer.
     *
     * @param layer layer, from 0
     * @return {@code n_(i-1)}
     */
    public int fanIn(int layer) {
        return layer == 0 ? inputs : layers.get(layer - 1).size();
    }

    /**
     * Rate function of a layer.
     *
     * @param layer layer, from 0
     * @return {@code phi_i}
     */
    public Activation activation(int layer) {
        return layers.get(layer).activation();
    }

    /** {@return the number of neurons {@code N} of all layers, output included} */
    public int neurons() {
        int n = 0;
        for (int i = 0; i < depth(); i++) {
            n += size(i);
        }
        return n;
    }

    /** {@return the number of weights and biases, feedback weights not counted} */
    public long forwardParameters() {
        long n = 0;
        for (int i = 0; i < depth(); i++) {
            n += (long) size(i) * (fanIn(i) + (bias ? 1 : 0));
        }
        return n;
    }

    /** {@return sizes and activations in one line, such as {@code 784-256(tanh)-10(linear)}} */
    @Override
    public String toString() {
        return inputs
                + layers.stream()
                        .map(l -> "-" + l.size() + "(" + l.activation().label() + ")")
                        .collect(Collectors.joining())
                + (bias ? "" : " without bias");
    }
}
