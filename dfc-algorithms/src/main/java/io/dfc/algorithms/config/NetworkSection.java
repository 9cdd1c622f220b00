package io.dfc.algorithms.config;

import java.util.List;
import java.util.Optional;

/**
 * The network; inputs and outputs are those of the data.
 *
 * @param hidden sizes of the hidden layers, each at least 1; may be empty
 * @param activations activation of every hidden layer, or one for all
 * @param outputActivation activation of the output layer; linear in all published runs
 * @param outputUnits units of the output layer, at least as many as there are classes, which the
 *     first units stand for; the others have no target (GAIT-prop). Absent: as many as the data
 *     have
 * @param leakyReluSlope slope of {@code leakyrelu} below 0, in [0, 1)
 * @param bias whether there are biases
 * @param initialization {@code xavier-normal}, {@code xavier} or {@code orthogonal}
 */
public record NetworkSection(
        List<Integer> hidden,
        List<String> activations,
        String outputActivation,
        Optional<Integer> outputUnits,
        double leakyReluSlope,
        boolean bias,
        String initialization) {}
