package io.dfc.bench.golden.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.noise.Noise;
import io.dfc.bench.json.JsonCursor;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Controller, dynamics, noise and masks of a phase: {@code settings.controller} or {@code
 * settings.feedback}.
 *
 * @param controller the controller
 * @param dynamics the dynamics
 * @param noise standard deviations, if there is noise
 * @param convergence which samples take part in updates
 */
record ControllerSection(
        ProportionalIntegralController controller,
        Dynamics dynamics,
        Optional<ApicalNoise> noise,
        Convergence convergence) {
    /** Keeps a hostile file from running for hours; golden cases have hundreds of points. */
    private static final int MAX_TIME_POINTS = 1_000_000;

    private static final Convergence PUBLISHED_TEST = Convergence.includingAll();

    /** The last three are those of feedback learning. */
    private static final List<String> KEYS =
            List.of(
                    "proportional_gain",
                    "leakage",
                    "time_step",
                    "time_points",
                    "time_constant_ratio",
                    "apical_time_constant",
                    "instantaneous_transmission",
                    "instantaneous_system_dynamics",
                    "proactive_controller",
                    "noise_sigma",
                    "noise_sigma_output",
                    "convergence_epsilon",
                    "include_non_converged_samples",
                    "learning_rule",
                    "homeostatic_weight_decay",
                    "homeostatic_constant");

    static ControllerSection read(JsonCursor json) {
        json.only(KEYS);
        return new ControllerSection(
                new ProportionalIntegralController(
                        json.get("proportional_gain").number(), json.get("leakage").number()),
                new Dynamics(
                        json.get("time_step").number(),
                        json.get("time_points").integer(2, MAX_TIME_POINTS),
                        json.get("time_constant_ratio").number(),
                        json.get("apical_time_constant").number(),
                        json.get("instantaneous_transmission").bool(),
                        json.get("instantaneous_system_dynamics").bool(),
                        json.get("proactive_controller").bool()),
                sigmas(json),
                new Convergence(
                        json.optional("convergence_epsilon")
                                .map(JsonCursor::number)
                                .orElse(PUBLISHED_TEST.epsilon()),
                        json.optional("include_non_converged_samples")
                                .map(JsonCursor::bool)
                                .orElse(PUBLISHED_TEST.includeAll())));
    }

    /**
     * {@code noise_sigma} of all layers, unless {@code noise_sigma_output} is given for the output
     * layer.
     */
    private static Optional<ApicalNoise> sigmas(JsonCursor json) {
        return json.optional("noise_sigma")
                .map(JsonCursor::number)
                .map(
                        hidden ->
                                new ApicalNoise(
                                        hidden,
                                        json.optional("noise_sigma_output")
                                                .map(JsonCursor::number)
                                                .orElse(hidden)))
                .filter(sigma -> sigma.hidden() > 0 || sigma.output() > 0);
    }

    /** The noise of the loop, one tensor per layer; no noise where there is no sigma. */
    Noise noise(NetworkSection network, Supplier<JsonCursor> layers, int samples) {
        return noise.isEmpty()
                ? Noise.none()
                : new Noise.Recorded(network.noise(layers.get(), dynamics.steps(), samples));
    }
}
