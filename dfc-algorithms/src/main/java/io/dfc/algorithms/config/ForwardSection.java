package io.dfc.algorithms.config;

import java.util.List;
import java.util.Optional;

/**
 * Learning of the forward weights.
 *
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate one rate, or one per layer, each at least 0
 * @param schedule {@code constant}, or {@code linear} for rates that fall to zero at the last
 *     epoch, which then counts, whatever the validation samples say
 * @param normalizeLearningRate whether the rate is divided by {@code target.step-size} (named
 *     configurations hold the divided rate)
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon: one value, or one per layer, above 0
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay L2 decay, at least 0
 * @param clipNorm bound on the norm of every tensor's gradient, above 0; absent: none
 * @param rule {@code nonlinear-difference}, {@code voltage-difference} or {@code derivative}
 * @param presynaptic {@code controlled} or {@code feedforward}; the latter for dfc-ss and dfc-ssa
 *     alone
 * @param running whether dfc uses the memory-saving form of the published program, which clips the
 *     running sum
 */
public record ForwardSection(
        String optimizer,
        List<Double> learningRate,
        String schedule,
        boolean normalizeLearningRate,
        double beta1,
        double beta2,
        List<Double> epsilon,
        double momentum,
        double weightDecay,
        Optional<Double> clipNorm,
        String rule,
        String presynaptic,
        boolean running) {}
