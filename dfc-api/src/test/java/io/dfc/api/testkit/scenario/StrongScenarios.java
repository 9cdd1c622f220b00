package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.OutputTarget.Strong.Comparison;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.NoiseScale;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Scenarios of strong feedback (arXiv 2204.07249), in two phases and in a single one. */
public final class StrongScenarios {
    private static final int POINTS = 24;
    private static final double STEP = 0.05;
    private static final Clipping PER_LAYER = new Clipping.PerLayer(0.05);
    private static final Clipping PER_TENSOR = new Clipping.PerTensor(0.05);
    private static final Optimization DESCENT = new Optimization(new Optimizer.Sgd(0.9), 0.05);
    private static final Recording RECORDING =
            new Recording(Set.of(Variable.values()), List.of(0, 1, 2, 23), false);
    private static final ApicalNoise FILTERED = new ApicalNoise(0.05, 0.03, 0.2);

    private final List<Shapes> shapes;

    public StrongScenarios(Coverage coverage) {
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    private static Dynamics dynamics(boolean instant, boolean system, boolean proactive) {
        return new Dynamics(STEP, POINTS, 0.2, STEP, instant, system, proactive);
    }

    private static final Dynamics USUAL = dynamics(true, false, true);

    private static ForwardPlasticity forward(ForwardPlasticity.Mode mode, Clipping clipping) {
        return new ForwardPlasticity(
                mode,
                DfcRule.NONLINEAR_DIFFERENCE,
                ForwardPlasticity.Presynaptic.CONTROLLED,
                clipping);
    }

    private static FeedbackPlasticity plasticity(
            double highPass, NoiseScale scale, double depthFactor, Clipping clipping) {
        return new FeedbackPlasticity(
                OptionalDouble.of(highPass), scale, depthFactor, Optional.empty(), clipping);
    }

    private static LoopPhase loop(ParameterGroup q, Comparison comparison, Dynamics dynamics) {
        return new LoopPhase(
                q, new OutputTarget.Strong(0.9, comparison), Scenarios.CONTROLLER, dynamics);
    }

    /**
     * Strong targets, whatever they are compared with: a loop for weights, and a noisy one for
     * feedback weights; with white noise, where each layer's own scales the gradient.
     */
    public List<Scenario> twoPhases() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                for (Comparison comparison : Comparison.values()) {
                    Plan.Builder builder = shape.builder(loss);
                    ParameterGroup q = builder.feedbackWeights();
                    LoopHandle forward =
                            builder.loop(
                                    "forward",
                                    loop(q, comparison, USUAL)
                                            .withPlasticities(
                                                    forward(
                                                            ForwardPlasticity.Mode.LAST_STATE,
                                                            PER_LAYER),
                                                    forward(
                                                            ForwardPlasticity.Mode.CONTINUOUS,
                                                            new Clipping.None())));
                    FeedbackPlasticity learning =
                            new FeedbackPlasticity(
                                    OptionalDouble.empty(),
                                    NoiseScale.OF_LAYER,
                                    1.25,
                                    Optional.of(new HomeostaticDecay(0.1, 3)),
                                    PER_TENSOR);
                    LoopHandle feedback =
                            builder.loop(
                                    "feedback",
                                    loop(
                                                    q,
                                                    comparison,
                                                    new Dynamics(
                                                            0.01, POINTS, 0.05, 0.1, true, false,
                                                            false))
                                            .withNoise(new ApicalNoise(0.05, 0.02))
                                            .withPlasticities(learning));
                    steps(builder, forward, feedback, q);
                    Scenario s =
                            shape.scenario(
                                    "strong in two phases, " + comparison + " " + loss,
                                    builder.build());
                    all.add(s.withRecording(RECORDING));
                    if (loss == Loss.CROSS_ENTROPY) {
                        all.add(ProgramScenarios.softened(s));
                    }
                }
            }
        }
        return all;
    }

    private static void steps(
            Plan.Builder builder, LoopHandle forward, LoopHandle feedback, ParameterGroup q) {
        builder.step(
                forward.gradients().getFirst(),
                builder.optimizer("forward", DESCENT, builder.forwardGroups()));
        builder.step(feedback.gradients().getLast(), builder.optimizer("feedback", DESCENT, q));
    }

    /** Filtered noise, from which forward and feedback weights learn at once. */
    public List<Scenario> singlePhase() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                Scenario s =
                        shape.scenario(
                                "strong in a single phase, " + loss,
                                single(shape, loss, Comparison.OF_LOSS, USUAL, FILTERED, 0.1));
                all.add(s.withRecording(RECORDING));
            }
            Scenario usual =
                    shape.scenario(
                            "strong in a single phase, recorded noise",
                            single(
                                    shape,
                                    Loss.CROSS_ENTROPY,
                                    Comparison.OF_OUTPUT,
                                    USUAL,
                                    FILTERED,
                                    0.3));
            all.add(usual.withNoise(n -> shape.recorded(POINTS - 1, n)).withRecording(RECORDING));
            all.add(usual.withNoise(n -> Noise.none()));
            all.add(
                    shape.scenario(
                            "filtered noise, delayed",
                            single(
                                    shape,
                                    Loss.CROSS_ENTROPY,
                                    Comparison.OF_LOSS,
                                    dynamics(false, false, false),
                                    new ApicalNoise(0.05, 0, 0.2),
                                    1)));
            all.add(
                    shape.scenario(
                            "filtered noise, instant system",
                            single(
                                    shape,
                                    Loss.CROSS_ENTROPY,
                                    Comparison.OF_LOSS,
                                    dynamics(true, true, true),
                                    new ApicalNoise(0, 0.05, STEP),
                                    0.02)));
            all.add(highPassOfWhiteNoise(shape));
        }
        return all;
    }

    private static Plan single(
            Shapes shape,
            Loss loss,
            Comparison comparison,
            Dynamics dynamics,
            ApicalNoise noise,
            double highPass) {
        Plan.Builder builder = shape.builder(loss);
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "single",
                        loop(q, comparison, dynamics)
                                .withNoise(noise)
                                .withPlasticities(
                                        forward(ForwardPlasticity.Mode.CONTINUOUS, PER_LAYER),
                                        plasticity(highPass, NoiseScale.OF_LAYER, 2, PER_LAYER)));
        steps(builder, loop, loop, q);
        return builder.build();
    }

    private static Scenario highPassOfWhiteNoise(Shapes shape) {
        Plan plan =
                Scenarios.loop(
                        shape.builder(Loss.CROSS_ENTROPY),
                        q ->
                                new LoopPhase(
                                                q,
                                                Scenarios.NUDGE,
                                                Scenarios.CONTROLLER,
                                                new Dynamics(
                                                        STEP, POINTS, 0.2, 0.1, true, false, true))
                                        .withNoise(new ApicalNoise(0.04, 0.08))
                                        .withPlasticities(
                                                plasticity(
                                                        0.2,
                                                        NoiseScale.OF_HIDDEN_LAYERS,
                                                        0.5,
                                                        new Clipping.Joint(0.05))));
        return shape.scenario("high-passed control of a nudged loop", plan);
    }
}
