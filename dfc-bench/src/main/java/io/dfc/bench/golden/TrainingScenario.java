package io.dfc.bench.golden;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.List;

/**
 * Kind {@code training}: every minibatch once for the feedback weights, where the file says so,
 * then once for the forward weights.
 *
 * @param plan the plan
 * @param parameters parameters before training
 * @param minibatches the minibatches, in order
 * @param feedbackNoise noise of the feedback epoch, one entry per minibatch; empty if there is no
 *     such epoch
 */
record TrainingScenario(
        Plan plan, Parameters parameters, List<Minibatch> minibatches, List<Noise> feedbackNoise)
        implements Scenario {
    static TrainingScenario read(JsonCursor root, NetworkSection network) {
        JsonCursor settings = root.get("settings");
        int depth = network.network().depth();
        List<Minibatch> minibatches =
                root.get("minibatches").items().stream().map(network::minibatch).toList();
        int largest =
                minibatches.stream()
                        .mapToInt(Minibatch::samples)
                        .max()
                        .orElseThrow(
                                () -> root.get("minibatches").expected("at least one minibatch"));
        Plan plan =
                Plan.evaluation(network.network(), network.loss(), largest)
                        .withControl(controlPhase(settings))
                        .withOptimization(
                                OptimizerSlot.FORWARD,
                                LearningSection.optimization(settings.get("optimizer"), depth));
        List<Noise> feedbackNoise = new ArrayList<>();
        if (settings.optional("feedback").isPresent()) {
            FeedbackSection feedback = FeedbackSection.read(settings, Recording.none());
            plan =
                    plan.withFeedback(feedback.phase())
                            .withOptimization(
                                    OptimizerSlot.FEEDBACK,
                                    LearningSection.optimization(
                                            settings.get("feedback_optimizer"), depth));
            feedbackNoise.addAll(noise(root, network, feedback, minibatches));
        }
        return new TrainingScenario(
                plan, network.parameters(), minibatches, List.copyOf(feedbackNoise));
    }

    private static ControlPhase controlPhase(JsonCursor settings) {
        if (settings.get("mode").text().equals(LearningSection.ANALYTIC)) {
            return AnalyticScenario.phase(
                    settings, List.of(LearningSection.analytic(settings)), Recording.none());
        }
        Update update = LearningSection.simulated(settings);
        JsonCursor controller = settings.get("controller");
        ControllerSection loop = ControllerSection.read(controller);
        if (loop.noise().isPresent()) {
            throw controller
                    .get("noise_sigma")
                    .expected("null, for training files record no noise of the forward epoch");
        }
        return new ControlPhase(
                new OutputTarget.Nudge(settings.get("target_stepsize").number()),
                loop.controller(),
                loop.dynamics(),
                new Solver.Euler(),
                loop.convergence(),
                loop.noise(),
                List.of(update),
                Recording.none());
    }

    private static List<Noise> noise(
            JsonCursor root,
            NetworkSection network,
            FeedbackSection feedback,
            List<Minibatch> minibatches) {
        List<Noise> noise = new ArrayList<>();
        for (int m = 0; m < minibatches.size(); m++) {
            int minibatch = m;
            noise.add(
                    feedback.noise(
                            network,
                            () ->
                                    root.get("noise_per_minibatch")
                                            .items(minibatches.size())
                                            .get(minibatch),
                            minibatches.get(m).samples()));
        }
        return noise;
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        for (int m = 0; m < feedbackNoise.size(); m++) {
            engine.forward(minibatches.get(m));
            engine.feedback(feedbackNoise.get(m));
            engine.applyFeedback(OptimizerSlot.FEEDBACK, 1);
            observed.addLayers(
                    "feedback_epoch[" + m + "].Q", () -> engine.snapshot().parameters().feedback());
        }
        for (int m = 0; m < minibatches.size(); m++) {
            String path = "forward_epoch[" + m + "].";
            ForwardPass forward = engine.forward(minibatches.get(m));
            observed.addScalar(path + "loss", forward.loss());
            ControlPass control = engine.control(Noise.none());
            observed.addLayers(path + "grad_W", () -> control.gradients(0).weights());
            observed.addLayers(path + "grad_b", () -> control.gradients(0).biases());
            engine.applyControl(0, 1);
            Parameters stepped = engine.snapshot().parameters();
            observed.addLayers(path + "W", stepped::weights);
            observed.addLayers(path + "b", stepped::biases);
        }
    }
}
