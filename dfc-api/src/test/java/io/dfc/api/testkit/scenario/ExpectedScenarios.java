package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.learn.FeedbackPlasticity.NoiseScale;
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
import java.util.OptionalDouble;

/** Scenarios in which feedback weights learn from the mean over all noise. */
public final class ExpectedScenarios {
    private static final Optimization DESCENT = new Optimization(new Optimizer.Sgd(0.9), 0.05);
    private static final OutputTarget NUDGE =
            new OutputTarget.Nudge(0.1, OutputTarget.Nudge.Gradient.OF_SAMPLE);

    /** Without a common factor with the number of combinations, so that every switch is seen. */
    private static final int FEW = 11;

    private final List<Shapes> shapes;
    private final int every;

    public ExpectedScenarios(Coverage coverage) {
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
        every = coverage == Coverage.EVERY_SHAPE ? 1 : FEW;
    }

    /** Every combination of switches on one shape, each shape with several of them. */
    public List<Scenario> everySwitch() {
        List<Scenario> all = new ArrayList<>();
        List<LoopSwitches> switches = LoopSwitches.all();
        for (int n = 0; n < switches.size(); n += every) {
            Shapes shape = shapes.get(n % shapes.size());
            Loss loss = Loss.values()[n % Loss.values().length];
            boolean moves = n % 5 == 1;
            Plan.Builder builder = shape.builder(loss);
            ParameterGroup q = builder.feedbackWeights();
            LoopHandle loop =
                    builder.loop(
                            "feedback",
                            loop(q, switches.get(n), moves ? NUDGE : own(), n % 2 == 0));
            builder.step(loop.gradients().getFirst(), builder.optimizer("Q", DESCENT, q));
            all.add(
                    shape.scenario(
                            "expected feedback" + (moves ? ", nudged, " : ", ") + switches.get(n),
                            builder.build()));
        }
        return all;
    }

    private static OutputTarget own() {
        return new OutputTarget.OwnOutput();
    }

    private static LoopPhase loop(
            ParameterGroup q, LoopSwitches switches, OutputTarget target, boolean published) {
        FeedbackPlasticity plasticity =
                new FeedbackPlasticity(
                                switches.highPass(),
                                published ? NoiseScale.OF_HIDDEN_LAYERS : NoiseScale.OF_LAYER,
                                published ? 1 : 1.5,
                                published
                                        ? Optional.of(new HomeostaticDecay(1e-3, 2))
                                        : Optional.empty(),
                                published ? new Clipping.Joint(0.05) : new Clipping.None())
                        .withEstimator(Estimator.EXPECTED);
        return new LoopPhase(q, target, switches.controller(), switches.dynamics())
                .withNoise(switches.noise())
                .withPlasticities(plasticity);
    }

    /**
     * Weights and biases that learn from the noise which is drawn, beside such feedback weights.
     */
    public List<Scenario> besideForwardLearning() {
        List<Scenario> all = new ArrayList<>();
        LoopSwitches switches = LoopSwitches.all().get(2);
        for (Shapes shape : shapes) {
            Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
            ParameterGroup q = builder.feedbackWeights();
            LoopHandle loop =
                    builder.loop(
                            "mixed",
                            loop(q, switches, NUDGE, false)
                                    .withNoise(new ApicalNoise(0.02, 0))
                                    .withPlasticities(
                                            new ForwardPlasticity(
                                                    ForwardPlasticity.Mode.CONTINUOUS,
                                                    DfcRule.NONLINEAR_DIFFERENCE),
                                            new FeedbackPlasticity(
                                                            OptionalDouble.empty(),
                                                            NoiseScale.OF_HIDDEN_LAYERS,
                                                            1,
                                                            Optional.empty(),
                                                            new Clipping.None())
                                                    .withEstimator(Estimator.EXPECTED)));
            builder.step(loop.gradients().getLast(), builder.optimizer("Q", DESCENT, q));
            all.add(shape.scenario("expected feedback beside forward learning", builder.build()));
        }
        return all;
    }
}
