package io.dfc.bench.golden.scenario;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kind {@code strong}: loops of the second code base, of which one or two update the forward and
 * feedback weights.
 *
 * @param plan the plan
 * @param section the settings
 * @param loops the loops, each run once on the same forward pass
 * @param parameters parameters of the network
 * @param minibatch the samples
 */
public record StrongScenario(
        Plan plan,
        StrongSection section,
        List<Run> loops,
        Parameters parameters,
        Minibatch minibatch)
        implements Scenario {
    /**
     * A loop, and what is expected of it.
     *
     * @param handle the loop
     * @param target where its output target stands below {@code expected}
     * @param trajectory its trajectory
     * @param noise its noise
     */
    record Run(LoopHandle handle, String target, StrongTrajectory trajectory, Noise noise) {}

    public static StrongScenario read(JsonCursor root, NetworkSection network) {
        StrongSection section = StrongSection.read(root.get("settings"), network);
        Minibatch minibatch = section.minibatch(root.get("minibatch"));
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), minibatch.samples());
        ParameterGroup q = builder.feedbackWeights();
        JsonCursor expected = root.get("expected");
        Optional<JsonCursor> feedback = expected.optional("feedback");
        List<Run> loops = new ArrayList<>();
        if (section.hasForwardLoop()) {
            List<JsonCursor> updates =
                    expected.optional("updates").map(JsonCursor::items).orElse(List.of());
            LoopPhase loop = section.forward(q, updates);
            loops.add(
                    new Run(
                            builder.loop("forward", loop),
                            "feedforward.output_target",
                            StrongTrajectory.read(
                                    expected.optional("trajectory"),
                                    "trajectory",
                                    loop.feedbackPlasticity().isPresent()
                                            ? feedback
                                            : Optional.empty(),
                                    loop),
                            noise(root, "forward", network, loop, minibatch)));
        }
        if (section.hasFeedbackLoop()) {
            LoopPhase loop = section.feedback(q);
            loops.add(
                    new Run(
                            builder.loop("feedback", loop),
                            "feedback.output_target",
                            StrongTrajectory.read(
                                    feedback.flatMap(f -> f.optional("trajectory")),
                                    "feedback.trajectory",
                                    section.single() ? feedback : Optional.empty(),
                                    loop),
                            noise(root, "feedback", network, loop, minibatch)));
        }
        return new StrongScenario(builder.build(), section, loops, network.parameters(), minibatch);
    }

    private static Noise noise(
            JsonCursor root,
            String name,
            NetworkSection network,
            LoopPhase loop,
            Minibatch minibatch) {
        boolean silent = loop.noise().filter(n -> n.hidden() > 0 || n.output() > 0).isEmpty();
        return silent
                ? Noise.none()
                : new Noise.Recorded(
                        network.noise(
                                root.get("noise").get(name),
                                loop.dynamics().steps(),
                                minibatch.samples()));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        ForwardResult forward = engine.forward(minibatch);
        ResultObserver.observeForward(forward, plan.network().depth(), observed);
        for (Run run : loops) {
            LoopHandle loop = run.handle();
            observed.add(run.target(), () -> forward.outputTarget(loop));
            StrongTrajectory trajectory = run.trajectory();
            LoopResult result = engine.run(loop, run.noise(), trajectory.recording());
            if (trajectory.recording().isActive()) {
                trajectory.observe(
                        result.trajectory(),
                        forward.outputTarget(loop),
                        section.softmax(),
                        observed);
                trajectory.observeHighPass(result.trajectory(), share(), observed);
            }
            int updates = loop.phase().forwardPlasticities().size();
            List<GradientHandle> gradients = loop.gradients();
            ResultObserver.observeUpdates(result, gradients.subList(0, updates), observed);
            if (loop.phase().feedbackPlasticity().isPresent()) {
                observed.addLayers("feedback.grad_Q", result::unclippedFeedback);
            }
        }
    }

    private double share() {
        return section.single() ? section.highPass() : 1;
    }
}
