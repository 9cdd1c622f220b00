package io.dfc.algorithms.method;

import static io.dfc.algorithms.method.SettingChecks.fraction;
import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.optional;
import static io.dfc.algorithms.method.SettingChecks.perLayer;

import io.dfc.algorithms.train.RateSchedule;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The group {@code forward} of a method that hands its optimiser a gradient: how the forward
 * weights are stepped.
 *
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate one rate, or one per layer, each at least 0
 * @param schedule {@code constant}, or {@code linear} for rates that fall to zero at the last
 *     epoch, which then counts, whatever the validation samples say, or {@code cosine} for rates
 *     that fall to a tenth
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon: one value, or one per layer, above 0
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay L2 decay, at least 0
 * @param clipNorm bound on a norm of the gradient, above 0; absent: none
 * @param clipScope whose norm is bounded: {@code tensor} (every weight matrix and bias vector on
 *     its own) or {@code layer} (weights and biases of a layer together)
 */
public record ForwardSection(
        String optimizer,
        List<Double> learningRate,
        String schedule,
        double beta1,
        double beta2,
        List<Double> epsilon,
        double momentum,
        double weightDecay,
        Optional<Double> clipNorm,
        String clipScope) {
    /** {@return Adam with a rate of 0.001 and gradients bounded by 1} */
    public static ForwardSection defaults() {
        return new ForwardSection(
                "adam",
                List.of(0.001),
                "constant",
                0.99,
                0.99,
                List.of(1e-8),
                0,
                0,
                Optional.of(1.0),
                "tensor");
    }

    /**
     * Adam without a bound on gradients.
     *
     * @param rate learning rate
     * @param beta2 decay of the second moment; that of the first is 0.9
     * @param epsilon its epsilon
     * @return the settings
     */
    public static ForwardSection adam(double rate, double beta2, double epsilon) {
        return new ForwardSection(
                "adam",
                List.of(rate),
                "constant",
                0.9,
                beta2,
                List.of(epsilon),
                0,
                0,
                Optional.empty(),
                "tensor");
    }

    /**
     * Plain descent without a bound on gradients.
     *
     * @param rate learning rate
     * @return the settings
     */
    public static ForwardSection descent(double rate) {
        return RecordCopy.with(adam(rate, 0.999, 1e-8), "optimizer", "sgd");
    }

    /**
     * Checks every range.
     *
     * @param depth number of layers
     * @throws io.dfc.api.error.BadConfigurationException if a setting is out of range
     */
    public void check(int depth) {
        oneOf("forward.optimizer", optimizer, SettingChoices.OPTIMIZERS);
        perLayer("forward.learning-rate", learningRate, depth);
        learningRate.forEach(r -> notNegative("forward.learning-rate", r));
        oneOf("forward.schedule", schedule, SettingChoices.SCHEDULES);
        perLayer("forward.epsilon", epsilon, depth);
        epsilon.forEach(e -> SettingChecks.positive("forward.epsilon", e));
        fraction("forward.beta1", beta1);
        fraction("forward.beta2", beta2);
        fraction("forward.momentum", momentum);
        notNegative("forward.weight-decay", weightDecay);
        optional("forward.clip-norm", clipNorm, SettingChecks::positive);
        oneOf("forward.clip-scope", clipScope, List.of("tensor", "layer"));
    }

    /** {@return the optimiser with its rates} */
    public Optimization optimization() {
        return new Optimization(
                SettingChoices.optimizer(optimizer, beta1, beta2, epsilon, momentum),
                learningRate,
                weightDecay,
                Set.of());
    }

    /** {@return how gradients are bounded} */
    public Clipping clipping() {
        return clipNorm.<Clipping>map(
                        norm ->
                                clipScope.equals("layer")
                                        ? new Clipping.PerLayer(norm)
                                        : new Clipping.PerTensor(norm))
                .orElseGet(Clipping.None::new);
    }

    /** {@return the course of the rates} */
    public RateSchedule rates() {
        return RateSchedule.valueOf(schedule.toUpperCase(Locale.ROOT));
    }
}
