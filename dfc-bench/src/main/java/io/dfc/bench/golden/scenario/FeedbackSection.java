package io.dfc.bench.golden.scenario;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
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

    /**
     * The part of {@code settings} that is read.
     *
     * @param feedback the loop of the feedback weights, or the noise that perturbs
     * @param leakage leakage of the linearised steady state; of the rule that reconstructs by it
     * @param clipGradNorm bound on the norm of all feedback gradients
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Settings(
            LoopConstants feedback, Optional<Double> leakage, Optional<Double> clipGradNorm) {}

    /** Reads the settings, and adds the phase to a plan with feedback weights {@code q}. */
    static FeedbackSection add(JsonCursor json, Plan.Builder builder, ParameterGroup q) {
        Settings settings = json.as(Settings.class);
        JsonCursor feedback = json.get("feedback");
        LoopConstants loop = settings.feedback();
        return switch (feedback.required(loop.learningRule(), "learning_rule")) {
            case NORMAL_CONTROLLER -> loop(json, settings, builder, q);
            case SPECIAL_CONTROLLER ->
                    perturbation(
                            json,
                            settings,
                            builder,
                            q,
                            new FeedbackRule.ForwardPerturbation(
                                    feedback.required(loop.noiseSigma(), "noise_sigma")));
            case OLD_LEARNING_RULE ->
                    perturbation(
                            json,
                            settings,
                            builder,
                            q,
                            new FeedbackRule.LinearizedReconstruction(
                                    feedback.required(loop.noiseSigma(), "noise_sigma"),
                                    json.required(settings.leakage(), "leakage")));
        };
    }

    private static FeedbackSection loop(
            JsonCursor json, Settings settings, Plan.Builder builder, ParameterGroup q) {
        LoopConstants loop = settings.feedback();
        Clipping clipping = LearningSection.joint(settings.clipGradNorm());
        LoopPhase phase =
                new LoopPhase(
                        q,
                        new OutputTarget.OwnOutput(),
                        loop.controller(),
                        loop.dynamics(),
                        new Solver.Euler(),
                        Convergence.includingAll(),
                        Optional.of(loop.noise().orElse(SILENT)),
                        List.of(
                                new FeedbackPlasticity(
                                        loop.homeostaticDecay(json.get("feedback")), clipping)));
        return new FeedbackSection(
                builder.loop("feedback", phase),
                loop.noise().isEmpty() ? 0 : loop.dynamics().steps());
    }

    private static FeedbackSection perturbation(
            JsonCursor json,
            Settings settings,
            Plan.Builder builder,
            ParameterGroup q,
            FeedbackRule rule) {
        PerturbationPhase phase =
                new PerturbationPhase(
                        q,
                        rule,
                        settings.feedback().homeostaticDecay(json.get("feedback")),
                        LearningSection.joint(settings.clipGradNorm()));
        return new FeedbackSection(builder.perturbation("feedback", phase), 1);
    }

    /** The noise of one minibatch, one tensor per layer; no noise where the phase takes none. */
    Noise noise(NetworkSection network, Supplier<JsonCursor> layers, int samples) {
        return noiseSteps == 0
                ? Noise.none()
                : new Noise.Recorded(network.noise(layers.get(), noiseSteps, samples));
    }
}
