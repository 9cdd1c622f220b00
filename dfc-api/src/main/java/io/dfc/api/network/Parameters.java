package io.dfc.api.network;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Parameters of a network: forward weights, biases and feedback weights, one tensor per layer.
 *
 * @param weights {@code W_i}, shape [n_i, n_(i-1)]
 * @param biases {@code b_i}, shape [n_i]; an empty list if the network has no biases
 * @param feedback {@code Q_i}, shape [n_i, n_L], the output layer's included
 */
public record Parameters(List<Tensor> weights, List<Tensor> biases, List<Tensor> feedback) {
    /** Copies the lists (not the tensors). */
    public Parameters {
        weights = List.copyOf(weights);
        biases = List.copyOf(biases);
        feedback = List.copyOf(feedback);
    }

    /**
     * Checks that every tensor has the shape that a network demands and holds finite numbers.
     *
     * @param network the network
     * @return these parameters
     * @throws ShapeMismatchException if a tensor is missing or has another shape
     * @throws io.dfc.api.error.BadDataException if one holds NaN or infinity
     */
    public Parameters requireFit(Network network) {
        return requireFit(network, ElementType.F64);
    }

    /**
     * Checks that every tensor has the shape that a network demands and holds numbers that a type
     * can hold.
     *
     * @param network the network
     * @param type type in which they will be stored
     * @return these parameters
     * @throws ShapeMismatchException if a tensor is missing or has another shape
     * @throws io.dfc.api.error.BadDataException if one holds NaN, infinity or a number beyond the
     *     type
     */
    public Parameters requireFit(Network network, ElementType type) {
        requireCount("W", weights, network.depth());
        requireCount("b", biases, network.bias() ? network.depth() : 0);
        requireCount("Q", feedback, network.depth());
        for (int i = 0; i < network.depth(); i++) {
            String w = "W[" + i + "]";
            weights.get(i).requireShape(w, network.size(i), network.fanIn(i)).requireFit(w, type);
            String q = "Q[" + i + "]";
            feedback.get(i).requireShape(q, network.size(i), network.outputs()).requireFit(q, type);
            if (network.bias()) {
                String b = "b[" + i + "]";
                biases.get(i).requireShape(b, network.size(i)).requireFit(b, type);
            }
        }
        return this;
    }

    /** {@return parameters that share nothing with these} */
    public Parameters copy() {
        return new Parameters(
                each(weights, Tensor::copy),
                each(biases, Tensor::copy),
                each(feedback, Tensor::copy));
    }

    private static List<Tensor> each(List<Tensor> tensors, UnaryOperator<Tensor> f) {
        return tensors.stream().map(f).toList();
    }

    private static void requireCount(String name, List<Tensor> tensors, int count) {
        if (tensors.size() != count) {
            throw new ShapeMismatchException(
                    name + ": expected " + count + " tensors, got " + tensors.size());
        }
    }
}
