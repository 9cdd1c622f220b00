package io.dfc.api.network;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Parameters by group: the weights {@code W} and biases {@code b} of a network, and what a method
 * adds, such as feedback weights {@code Q}. A group has one tensor per layer; one without tensors
 * is left out.
 *
 * @param groups tensors by the name of their group
 */
public record Parameters(Map<String, List<Tensor>> groups) {
    /** Name of the weights {@code W_i}, shapes [n_i, n_(i-1)]. */
    public static final String WEIGHTS = "W";

    /** Name of the biases {@code b_i}, shapes [n_i]. */
    public static final String BIASES = "b";

    /** Name of the feedback weights {@code Q_i}, shapes [n_i, n_L], the output layer's included. */
    public static final String FEEDBACK = "Q";

    /** Copies the map and the lists (not the tensors), sorted by name. */
    public Parameters {
        SortedMap<String, List<Tensor>> sorted = new TreeMap<>();
        groups.forEach(
                (name, tensors) -> {
                    if (!tensors.isEmpty()) {
                        sorted.put(name, List.copyOf(tensors));
                    }
                });
        groups = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * Parameters of a network without feedback weights.
     *
     * @param weights {@code W_i}
     * @param biases {@code b_i}; an empty list if the network has none
     * @return the parameters
     */
    public static Parameters of(List<Tensor> weights, List<Tensor> biases) {
        return new Parameters(Map.of(WEIGHTS, weights, BIASES, biases));
    }

    /**
     * Parameters of a network with feedback weights.
     *
     * @param weights {@code W_i}
     * @param biases {@code b_i}; an empty list if the network has none
     * @param feedback {@code Q_i}
     * @return the parameters
     */
    public static Parameters of(List<Tensor> weights, List<Tensor> biases, List<Tensor> feedback) {
        return new Parameters(Map.of(WEIGHTS, weights, BIASES, biases, FEEDBACK, feedback));
    }

    /**
     * The tensors of a group.
     *
     * @param name its name
     * @return one tensor per layer; empty if there is no such group
     */
    public List<Tensor> group(String name) {
        return groups.getOrDefault(name, List.of());
    }

    /** {@return {@code W_i}, shapes [n_i, n_(i-1)]} */
    public List<Tensor> weights() {
        return group(WEIGHTS);
    }

    /** {@return {@code b_i}, shapes [n_i]; empty for a network without biases} */
    public List<Tensor> biases() {
        return group(BIASES);
    }

    /** {@return {@code Q_i}, shapes [n_i, n_L]; empty without feedback weights} */
    public List<Tensor> feedback() {
        return group(FEEDBACK);
    }

    /**
     * Some of the groups.
     *
     * @param names names of groups
     * @return those that are there
     */
    public Parameters only(Collection<String> names) {
        Map<String, List<Tensor>> some = new TreeMap<>(groups);
        some.keySet().retainAll(names);
        return new Parameters(some);
    }

    /**
     * Checks that weights, biases and, if there are any, feedback weights have the shapes that a
     * network demands and hold finite numbers.
     *
     * @param network the network
     * @return these parameters
     * @throws ShapeMismatchException if a tensor is missing or has another shape
     * @throws io.dfc.api.error.BadDataException if one holds NaN or infinity
     */
    public Parameters requireFit(Network network) {
        requireCount(WEIGHTS, weights(), network.depth());
        requireCount(BIASES, biases(), network.bias() ? network.depth() : 0);
        if (!feedback().isEmpty()) {
            requireCount(FEEDBACK, feedback(), network.depth());
        }
        for (int i = 0; i < network.depth(); i++) {
            require(weights(), i, WEIGHTS, network.size(i), network.fanIn(i));
            require(biases(), i, BIASES, network.size(i));
            require(feedback(), i, FEEDBACK, network.size(i), network.outputs());
        }
        return this;
    }

    private static void require(List<Tensor> tensors, int layer, String group, int... shape) {
        if (!tensors.isEmpty()) {
            String name = group + "[" + layer + "]";
            tensors.get(layer).requireShape(name, shape).requireFit(name, ElementType.F64);
        }
    }

    private static void requireCount(String name, List<Tensor> tensors, int count) {
        if (tensors.size() != count) {
            throw new ShapeMismatchException(
                    name + ": expected " + count + " tensors, got " + tensors.size());
        }
    }

    /** {@return parameters that share nothing with these} */
    public Parameters copy() {
        Map<String, List<Tensor>> copies = new TreeMap<>();
        groups.forEach(
                (name, tensors) -> copies.put(name, tensors.stream().map(Tensor::copy).toList()));
        return new Parameters(copies);
    }
}
