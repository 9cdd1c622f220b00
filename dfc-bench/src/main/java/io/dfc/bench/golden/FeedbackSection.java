package io.dfc.bench.golden;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.Recording;
import io.dfc.bench.json.JsonCursor;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the feedback weights learn: {@code settings.feedback} with the {@code clip_grad_norm} beside
 * it.
 *
 * @param phase the phase
 * @param noiseSteps number of noise entries that the phase takes, 0 if none
 */
record FeedbackSection(FeedbackPhase phase, int noiseSteps) {
    private static final ApicalNoise SILENT = new ApicalNoise(0, 0);

    static FeedbackSection read(JsonCursor settings, Recording recording) {
        JsonCursor json = settings.get("feedback");
        FeedbackRule rule = rule(settings, json);
        FeedbackPhase phase =
                new FeedbackPhase(
                        rule, homeostaticDecay(json), LearningSection.joint(settings), recording);
        return new FeedbackSection(
                phase,
                switch (rule) {
                    case FeedbackRule.NormalController normal ->
                            normal.noise().equals(SILENT) ? 0 : normal.dynamics().steps();
                    case FeedbackRule.ForwardPerturbation perturbation -> 1;
                    case FeedbackRule.LinearizedReconstruction reconstruction -> 1;
                });
    }

    /** The noise of one minibatch, one tensor per layer; no noise where the phase takes none. */
    Noise noise(NetworkSection network, Supplier<JsonCursor> layers, int samples) {
        return noiseSteps == 0
                ? Noise.none()
                : new Noise.Recorded(network.noise(layers.get(), noiseSteps, samples));
    }

    private static FeedbackRule rule(JsonCursor settings, JsonCursor json) {
        JsonCursor rule = json.get("learning_rule");
        return switch (rule.text()) {
            case "normal_controller" -> {
                ControllerSection loop = ControllerSection.read(json);
                yield new FeedbackRule.NormalController(
                        loop.controller(),
                        loop.dynamics(),
                        loop.noise().orElse(SILENT),
                        new OutputTarget.OwnOutput());
            }
            case "special_controller" ->
                    new FeedbackRule.ForwardPerturbation(json.get("noise_sigma").number());
            case "old_learning_rule" ->
                    new FeedbackRule.LinearizedReconstruction(
                            json.get("noise_sigma").number(), settings.get("leakage").number());
            default ->
                    throw rule.expected(
                            "normal_controller, special_controller or old_learning_rule");
        };
    }

    private static Optional<HomeostaticDecay> homeostaticDecay(JsonCursor json) {
        return json.optional("homeostatic_weight_decay")
                .map(
                        rate ->
                                new HomeostaticDecay(
                                        rate.number(), json.get("homeostatic_constant").number()));
    }
}
