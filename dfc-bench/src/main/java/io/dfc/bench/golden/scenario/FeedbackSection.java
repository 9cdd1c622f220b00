package io.dfc.bench.golden.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.bench.json.JsonCursor;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the feedback weights learn: {@code settings.feedback} with the {@code clip_grad_norm} beside
 * it.
 *
 * @param phase the phase, of the plan that it was added to
 * @param noiseSteps number of noise entries that the phase takes, 0 if none
 */
record FeedbackSection(PhaseHandle phase, int noiseSteps) {
    private static final ApicalNoise SILENT = new ApicalNoise(0, 0);

    /** Reads the settings, and adds the phase to a plan with feedback weights {@code q}. */
    static FeedbackSection add(JsonCursor settings, Plan.Builder builder, ParameterGroup q) {
        JsonCursor json = settings.get("feedback");
        JsonCursor rule = json.get("learning_rule");
        return switch (rule.text()) {
            case "normal_controller" -> loop(settings, builder, q);
            case "special_controller" ->
                    perturbation(
                            settings,
                            builder,
                            q,
                            new FeedbackRule.ForwardPerturbation(json.get("noise_sigma").number()));
            case "old_learning_rule" ->
                    perturbation(
                            settings,
                            builder,
                            q,
                            new FeedbackRule.LinearizedReconstruction(
                                    json.get("noise_sigma").number(),
                                    settings.get("leakage").number()));
            default ->
                    throw rule.expected(
                            "normal_controller, special_controller or old_learning_rule");
        };
    }

    private static FeedbackSection loop(
            JsonCursor settings, Plan.Builder builder, ParameterGroup q) {
        JsonCursor json = settings.get("feedback");
        ControllerSection loop = ControllerSection.read(json);
        Clipping clipping = LearningSection.joint(settings);
        LoopPhase phase =
                new LoopPhase(
                        q,
                        new OutputTarget.OwnOutput(),
                        loop.controller(),
                        loop.dynamics(),
                        new Solver.Euler(),
                        Convergence.includingAll(),
                        Optional.of(loop.noise().orElse(SILENT)),
                        List.of(new FeedbackPlasticity(homeostaticDecay(json), clipping)));
        return new FeedbackSection(
                builder.loop("feedback", phase),
                loop.noise().isEmpty() ? 0 : loop.dynamics().steps());
    }

    private static FeedbackSection perturbation(
            JsonCursor settings, Plan.Builder builder, ParameterGroup q, FeedbackRule rule) {
        PerturbationPhase phase =
                new PerturbationPhase(
                        q,
                        rule,
                        homeostaticDecay(settings.get("feedback")),
                        LearningSection.joint(settings));
        return new FeedbackSection(builder.perturbation("feedback", phase), 1);
    }

    /** The noise of one minibatch, one tensor per layer; no noise where the phase takes none. */
    Noise noise(NetworkSection network, Supplier<JsonCursor> layers, int samples) {
        return noiseSteps == 0
                ? Noise.none()
                : new Noise.Recorded(network.noise(layers.get(), noiseSteps, samples));
    }

    private static Optional<HomeostaticDecay> homeostaticDecay(JsonCursor json) {
        return json.optional("homeostatic_weight_decay")
                .map(
                        rate ->
                                new HomeostaticDecay(
                                        rate.number(), json.get("homeostatic_constant").number()));
    }
}
