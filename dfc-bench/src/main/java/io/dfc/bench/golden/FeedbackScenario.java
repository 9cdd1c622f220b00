package io.dfc.bench.golden;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.bench.json.JsonCursor;

/**
 * Kind {@code feedback}: one gradient of the feedback weights and, where the file has an optimiser,
 * one step.
 *
 * @param plan the plan
 * @param parameters parameters of the network
 * @param minibatch the samples
 * @param noise noise of the phase
 */
record FeedbackScenario(Plan plan, Parameters parameters, Minibatch minibatch, Noise noise)
        implements Scenario {
    static FeedbackScenario read(JsonCursor root, NetworkSection network) {
        JsonCursor settings = root.get("settings");
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        FeedbackSection feedback =
                FeedbackSection.read(settings, Passes.recording(root.get("expected")));
        Plan plan =
                Plan.evaluation(network.network(), network.loss(), minibatch.samples())
                        .withFeedback(feedback.phase());
        return new FeedbackScenario(
                settings.optional("optimizer")
                        .map(
                                o ->
                                        plan.withOptimization(
                                                OptimizerSlot.FEEDBACK,
                                                LearningSection.optimization(
                                                        o, network.network().depth())))
                        .orElse(plan),
                network.parameters(),
                minibatch,
                feedback.noise(network, () -> root.get("noise"), minibatch.samples()));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        Passes.observeForward(engine.forward(minibatch), plan.network().depth(), observed);
        FeedbackPass pass = engine.feedback(noise);
        Passes.observeTrajectory(pass.trajectory(), observed);
        observed.addLayers("grad_Q", pass::gradients);
        observed.addLayers("grad_Q_used", pass::clippedGradients);
        if (plan.optimizations().containsKey(OptimizerSlot.FEEDBACK)) {
            engine.applyFeedback(OptimizerSlot.FEEDBACK, 1);
            observed.addLayers("Q_after_step", () -> engine.snapshot().parameters().feedback());
        }
    }
}
