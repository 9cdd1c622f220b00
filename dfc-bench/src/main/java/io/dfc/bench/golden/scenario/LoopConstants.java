package io.dfc.bench.golden.scenario;

import static io.dfc.bench.json.ValueRange.require;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.noise.Noise;
import io.dfc.bench.json.JsonCursor;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code settings.controller} or {@code settings.feedback}: controller, dynamics, noise and masks
 * of a loop; the last three are those of feedback learning. A key that may be missing may be null.
 */
record LoopConstants(
        double proportionalGain,
        double leakage,
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        double apicalTimeConstant,
        boolean instantaneousTransmission,
        boolean instantaneousSystemDynamics,
        boolean proactiveController,
        Optional<Double> noiseSigma,
        Optional<Double> noiseSigmaOutput,
        Optional<Double> convergenceEpsilon,
        Optional<Boolean> includeNonConvergedSamples,
        Optional<Rule> learningRule,
        Optional<Double> homeostaticWeightDecay,
        Optional<Double> homeostaticConstant) {
    /** How feedback weights learn. */
    enum Rule {
        NORMAL_CONTROLLER,
        SPECIAL_CONTROLLER,
        OLD_LEARNING_RULE
    }

    /** Keeps a hostile file from running for hours; golden cases have hundreds of points. */
    private static final int MAX_TIME_POINTS = 1_000_000;

    private static final Convergence PUBLISHED_TEST = Convergence.includingAll();

    /** Checks the number of time points; the loop checks all else. */
    LoopConstants {
        require(
                timePoints >= 2 && timePoints <= MAX_TIME_POINTS,
                "time_points",
                "a whole number in 2.." + MAX_TIME_POINTS);
    }

    ProportionalIntegralController controller() {
        return new ProportionalIntegralController(proportionalGain, leakage);
    }

    Dynamics dynamics() {
        return new Dynamics(
                timeStep,
                timePoints,
                timeConstantRatio,
                apicalTimeConstant,
                instantaneousTransmission,
                instantaneousSystemDynamics,
                proactiveController);
    }

    /** {@code noise_sigma_output} stands for {@code noise_sigma} in the output layer. */
    Optional<ApicalNoise> noise() {
        return noiseSigma
                .map(hidden -> new ApicalNoise(hidden, noiseSigmaOutput.orElse(hidden)))
                .filter(sigma -> sigma.hidden() > 0 || sigma.output() > 0);
    }

    Convergence convergence() {
        return new Convergence(
                convergenceEpsilon.orElse(PUBLISHED_TEST.epsilon()),
                includeNonConvergedSamples.orElse(PUBLISHED_TEST.includeAll()));
    }

    /** The decay, if there is one; {@code json} is where these constants stand. */
    Optional<HomeostaticDecay> homeostaticDecay(JsonCursor json) {
        return homeostaticWeightDecay.map(
                rate ->
                        new HomeostaticDecay(
                                rate, json.required(homeostaticConstant, "homeostatic_constant")));
    }

    /** The noise of the loop, one tensor per layer; no noise where there is no sigma. */
    Noise noise(NetworkSection network, Supplier<JsonCursor> layers, int samples) {
        return noise().isEmpty()
                ? Noise.none()
                : new Noise.Recorded(network.noise(layers.get(), timePoints - 1, samples));
    }
}
