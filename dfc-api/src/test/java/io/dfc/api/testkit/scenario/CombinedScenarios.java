package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Scenarios of what is put together in a plan: plasticities, loops, groups. */
public final class CombinedScenarios {
    private static final Dynamics NOISY = new Dynamics(0.05, 20, 0.2, 0.1, true, false, true);
    private static final ApicalNoise NOISE = new ApicalNoise(0.05, 0.03);
    private static final Optimization DESCENT = new Optimization(new Optimizer.Sgd(0), 0.05);

    private final List<Shapes> shapes;

    public CombinedScenarios(Coverage coverage) {
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    private static ForwardPlasticity forward(ForwardPlasticity.Mode mode, Clipping clipping) {
        return new ForwardPlasticity(
                mode,
                DfcRule.NONLINEAR_DIFFERENCE,
                ForwardPlasticity.Presynaptic.CONTROLLED,
                clipping);
    }

    /** Noisy loops from which weights, biases and feedback weights learn at once. */
    public List<Scenario> mixedLoops() {
        List<Scenario> all = new ArrayList<>();
        FeedbackPlasticity feedback =
                new FeedbackPlasticity(
                        Optional.of(new HomeostaticDecay(0.1, 3)), new Clipping.Joint(0.01));
        for (Shapes shape : shapes) {
            Plan plan =
                    Scenarios.loop(
                            shape.builder(Loss.CROSS_ENTROPY),
                            q ->
                                    new LoopPhase(q, Scenarios.NUDGE, Scenarios.CONTROLLER, NOISY)
                                            .withNoise(NOISE)
                                            .withPlasticities(
                                                    Scenarios.MEAN,
                                                    feedback,
                                                    forward(
                                                            ForwardPlasticity.Mode.LAST_STATE,
                                                            new Clipping.PerTensor(0.01)),
                                                    forward(
                                                            ForwardPlasticity.Mode
                                                                    .CONTINUOUS_RUNNING,
                                                            new Clipping.None())));
            all.add(shape.scenario("forward and feedback weights learn from one loop", plan));
            all.add(
                    shape.scenario(
                            "both learn from one loop and step",
                            TrainingPlans.mixed(shape, Loss.CROSS_ENTROPY)));
        }
        return all;
    }

    /** Loops of one kind with other settings, through the same feedback weights. */
    public List<Scenario> severalLoops() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
            ParameterGroup q = builder.feedbackWeights();
            LoopHandle first =
                    builder.loop(
                            "first",
                            new LoopPhase(
                                    q,
                                    Scenarios.NUDGE,
                                    Scenarios.CONTROLLER,
                                    Scenarios.DYNAMICS,
                                    Scenarios.MEAN));
            LoopHandle second =
                    builder.loop(
                            "second",
                            new LoopPhase(
                                    q,
                                    new OutputTarget.Nudge(0.05),
                                    new ProportionalIntegralController(0.5, 0.2),
                                    new Dynamics(0.02, 57, 0.1, 0.02, false, false, true),
                                    Scenarios.LAST,
                                    Scenarios.MEAN));
            builder.step(
                    first.gradients().getFirst(),
                    builder.optimizer("first", DESCENT, builder.forwardGroups()));
            builder.step(
                    second.gradients().getLast(),
                    builder.optimizer("second", DESCENT, builder.forwardGroups()));
            all.add(shape.scenario("two loops through one group", builder.build()));
        }
        return all;
    }

    /** Loops of which each has feedback weights of its own. */
    public List<Scenario> severalFeedbackGroups() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
            ParameterGroup one = builder.feedbackWeights();
            ParameterGroup other = builder.group("Q2", feedbackShapes(shape));
            builder.loop("first", loop(one).withPlasticities(Scenarios.MEAN));
            builder.loop("second", loop(other).withPlasticities(Scenarios.MEAN));
            LoopHandle feedback =
                    builder.loop(
                            "feedback",
                            loop(other)
                                    .withNoise(NOISE)
                                    .withPlasticities(new FeedbackPlasticity()));
            builder.step(feedback.gradients().getFirst(), builder.optimizer("Q2", DESCENT, other));
            all.add(shape.scenario("two groups of feedback weights", builder.build()));
        }
        return all;
    }

    private static LoopPhase loop(ParameterGroup group) {
        return new LoopPhase(group, Scenarios.NUDGE, Scenarios.CONTROLLER, NOISY);
    }

    private static List<int[]> feedbackShapes(Shapes shape) {
        int outputs = shape.network().outputs();
        return IntStream.range(0, shape.network().depth())
                .mapToObj(i -> new int[] {shape.network().size(i), outputs})
                .toList();
    }

    /** A group that nothing reads, beside training. */
    public List<Scenario> idleGroups() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.two()) {
            for (boolean trains : new boolean[] {false, true}) {
                Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
                builder.group("idle", List.of(new int[] {2, 3}, new int[] {5}));
                if (trains) {
                    LoopHandle loop =
                            builder.loop(
                                    "control",
                                    loop(builder.feedbackWeights())
                                            .withPlasticities(Scenarios.MEAN));
                    builder.step(
                            loop.gradients().getFirst(),
                            builder.optimizer("forward", DESCENT, builder.forwardGroups()));
                }
                all.add(
                        shape.scenario(
                                "an idle group" + (trains ? " beside training" : ""),
                                builder.build()));
            }
        }
        return all;
    }
}
