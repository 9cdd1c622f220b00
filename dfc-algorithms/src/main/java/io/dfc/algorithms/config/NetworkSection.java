package io.dfc.algorithms.config;

import java.util.List;

/**
 * The network; inputs and outputs are those of the data.
 *
 * @param hidden sizes of the hidden layers, each at least 1; may be empty
 * @param activations activation of every hidden layer, or one for all
 * @param outputActivation activation of the output layer; linear in all published runs
 * @param leakyReluSlope slope of {@code leakyrelu} below 0, in [0, 1)
 * @param bias whether there are biases
 * @param initialization {@code xavier-normal}, {@code xavier} or {@code orthogonal}
 */
public record NetworkSection(
        List<Integer> hidden,
        List<String> activations,
        String outputActivation,
        double leakyReluSlope,
        boolean bias,
        String initialization) {}
