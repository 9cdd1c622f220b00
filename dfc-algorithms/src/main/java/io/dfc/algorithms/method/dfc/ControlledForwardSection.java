package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.oneOf;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.api.learn.DfcRule;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The group {@code forward} of a method that learns forward weights from a controlled state.
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
 * @param clipNorm bound on a norm of the gradient, above 0; absent: none
 * @param clipScope whose norm is bounded: {@code tensor} (every weight matrix and bias vector on
 *     its own) or {@code layer} (weights and biases of a layer together)
 * @param rule {@code nonlinear-difference}, {@code voltage-difference} or {@code derivative}
 * @param presynaptic {@code controlled} or {@code feedforward}; the latter for the methods that
 *     learn from one state
 * @param running whether the mean over a trajectory takes the memory-saving form of the published
 *     program, which clips the running sum
 */
public record ControlledForwardSection(
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
        String clipScope,
        String rule,
        String presynaptic,
        boolean running) {
    /**
     * Checks every range.
     *
     * @param depth number of layers
     * @throws io.dfc.api.error.BadConfigurationException if a setting is out of range
     */
    void check(int depth) {
        steps(1).check(depth);
        oneOf("forward.rule", rule, Arrays.stream(DfcRule.values()).map(DfcRule::label).toList());
        oneOf("forward.presynaptic", presynaptic, List.of("controlled", "feedforward"));
    }

    /**
     * How the forward weights are stepped.
     *
     * @param nudge step size of the target, by which normalised rates are divided
     * @return the part of these settings that says so
     */
    ForwardSection steps(double nudge) {
        double divisor = normalizeLearningRate ? nudge : 1;
        return RecordCopy.with(
                RecordCopy.part(ForwardSection.class, this),
                "learningRate",
                learningRate.stream().map(rate -> rate / divisor).toList());
    }

    /** {@return the learning rule} */
    DfcRule dfcRule() {
        return Arrays.stream(DfcRule.values())
                .filter(r -> r.label().equals(rule))
                .findFirst()
                .orElseThrow();
    }
}
