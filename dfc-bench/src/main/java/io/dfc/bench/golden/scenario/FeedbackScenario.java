package io.dfc.bench.golden.scenario;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.trajectory.Recording;
import io.dfc.bench.json.JsonCursor;

import java.util.Optional;

/**
 * Kind {@code feedback}: one gradient of the feedback weights and, where the file has an optimiser,
 * one step.
 *
 * @param plan the plan
 * @param phase the phase that forms the gradient
 * @param step the step, if there is one
 * @param recording what a loop records
 * @param parameters parameters of the network
 * @param minibatch the samples
 * @param noise noise of the phase
 */
public record FeedbackScenario(
        Plan plan,
        PhaseHandle phase,
        Optional<StepHandle> step,
        Recording recording,
        Parameters parameters,
        Minibatch minibatch,
        Noise noise)
        implements Scenario {
    public static FeedbackScenario read(JsonCursor root, NetworkSection network) {
        JsonCursor settings = root.get("settings");
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), minibatch.samples());
        ParameterGroup q = builder.feedbackWeights();
        FeedbackSection feedback = FeedbackSection.add(settings, builder, q);
        Optional<StepHandle> step =
                settings.optional("optimizer")
                        .map(
                                o ->
                                        builder.step(
                                                feedback.phase().gradients().getFirst(),
                                                builder.optimizer(
                                                        "feedback",
                                                        o.as(
                                                                        LearningSection
                                                                                .OptimizerSettings
                                                                                .class)
                                                                .optimization(
                                                                        network.network().depth()),
                                                        q)));
        Recording recording =
                feedback.phase() instanceof LoopHandle loop
                        ? ResultObserver.recording(root.get("expected"), loop.phase())
                        : Recording.none();
        return new FeedbackScenario(
                builder.build(),
                feedback.phase(),
                step,
                recording,
                network.parameters(),
                minibatch,
                feedback.noise(network, () -> root.get("noise"), minibatch.samples()));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        ResultObserver.observeForward(engine.forward(minibatch), plan.network().depth(), observed);
        GradientHandle gradient = phase.gradients().getFirst();
        switch (phase) {
            case LoopHandle loop -> {
                LoopResult result = engine.run(loop, noise, recording);
                if (recording.isActive()) {
                    ResultObserver.observeTrajectory(result.trajectory(), observed);
                }
                observed.addLayers("grad_Q", result::unclippedFeedback);
                observed.addLayers("grad_Q_used", () -> result.gradient(gradient).feedback());
            }
            case PerturbationHandle perturbation -> {
                PerturbationResult result = engine.run(perturbation, noise);
                observed.addLayers("grad_Q", result::unclippedFeedback);
                observed.addLayers("grad_Q_used", () -> result.gradient(gradient).feedback());
            }
            case ProgramHandle program ->
                    throw new IllegalStateException(program + " has no feedback weights");
        }
        step.ifPresent(
                s -> {
                    engine.apply(s.at(1));
                    observed.addLayers(
                            "Q_after_step", () -> engine.snapshot().parameters().feedback());
                });
    }
}
