package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How one group of parameters is stepped.
 *
 * @param optimizer arithmetic of the step
 * @param learningRates one rate of at least 0 for all layers, or one per layer
 * @param weightDecay L2 decay, at least 0, added to the gradient before the optimiser sees it
 * @param frozenLayers layers, from 0, whose parameters stay as they are
 */
public record Optimization(
        Optimizer optimizer,
        List<Double> learningRates,
        double weightDecay,
        Set<Integer> frozenLayers) {
    /** Checks the ranges and copies the collections. */
    public Optimization {
        Objects.requireNonNull(optimizer, "optimizer");
        learningRates = List.copyOf(learningRates);
        frozenLayers = Set.copyOf(frozenLayers);
        if (learningRates.isEmpty()) {
            throw new BadConfigurationException(
                    "learning-rate", "needs one value, or one per layer");
        }
        for (double rate : learningRates) {
            if (!(rate >= 0) || Double.isInfinite(rate)) {
                throw new BadConfigurationException(
                        "learning-rate", "must be at least 0, got " + rate);
            }
        }
        if (!(weightDecay >= 0)) {
            throw new BadConfigurationException(
                    "weight-decay", "must be at least 0, got " + weightDecay);
        }
    }

    /**
     * One rate for all layers, no decay, nothing frozen.
     *
     * @param optimizer arithmetic of the step
     * @param learningRate rate, at least 0
     */
    public Optimization(Optimizer optimizer, double learningRate) {
        this(optimizer, List.of(learningRate), 0, Set.of());
    }

    /**
     * Checks that lists given per layer have as many entries as there are layers, and that frozen
     * layers exist.
     *
     * @param depth number of layers
     * @throws BadConfigurationException if they do not
     */
    public void requireFit(int depth) {
        requireCount("learning-rate", learningRates.size(), depth);
        if (optimizer instanceof Optimizer.Adam adam) {
            requireCount("epsilon", adam.epsilons().size(), depth);
        }
        for (int layer : frozenLayers) {
            if (layer < 0 || layer >= depth) {
                throw new BadConfigurationException(
                        "frozen-layers", "layer " + layer + " is not in 0.." + (depth - 1));
            }
        }
    }

    /**
     * Learning rate of a layer.
     *
     * @param layer layer, from 0
     * @return the rate
     */
    public double learningRate(int layer) {
        return perLayer(learningRates, layer);
    }

    /**
     * The entry of a list that holds one value for all layers or one per layer.
     *
     * @param values the list
     * @param layer layer, from 0
     * @return the layer's value
     */
    public static double perLayer(List<Double> values, int layer) {
        return values.size() == 1 ? values.getFirst() : values.get(layer);
    }

    private static void requireCount(String key, int count, int depth) {
        if (count != 1 && count != depth) {
            throw new BadConfigurationException(
                    key, "needs 1 value or one for each of the " + depth + " layers, got " + count);
        }
    }
}
