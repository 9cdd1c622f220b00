package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Scenarios of feedback learning, noise, backpropagation, optimisers, users' code and recordings.
 */
final class LearningScenarios {
    private static final Optional<HomeostaticDecay> DECAY =
            Optional.of(new HomeostaticDecay(0.1, 3));
    private static final List<Clipping> CLIPPINGS =
            List.of(new Clipping.None(), new Clipping.Joint(0.01), new Clipping.PerTensor(0.01));

    private final Scenarios scenarios;
    private final List<Shapes> shapes;

    LearningScenarios(Scenarios scenarios, List<Shapes> shapes) {
        this.scenarios = scenarios;
        this.shapes = shapes;
    }

    List<Scenario> feedback() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Clipping clipping : CLIPPINGS) {
                FeedbackPlasticity plasticity = new FeedbackPlasticity(DECAY, clipping);
                all.add(shape.scenario("feedback from noise", noisy(shape, plasticity)));
            }
            for (Clipping clipping : CLIPPINGS) {
                FeedbackPlasticity plasticity = new FeedbackPlasticity(DECAY, clipping);
                all.add(shape.scenario("feedback from noise, delayed", delayed(shape, plasticity)));
            }
            for (FeedbackRule rule :
                    List.of(
                            new FeedbackRule.ForwardPerturbation(0.05),
                            new FeedbackRule.LinearizedReconstruction(0.05, 0.5))) {
                for (Clipping clipping : CLIPPINGS) {
                    Plan.Builder builder = scenarios.builder(shape, Loss.CROSS_ENTROPY);
                    ParameterGroup q = builder.feedbackWeights();
                    builder.perturbation(
                            "feedback", new PerturbationPhase(q, rule, DECAY, clipping));
                    all.add(shape.scenario(rule.getClass().getSimpleName(), builder.build()));
                }
            }
        }
        return all;
    }

    private Plan noisy(Shapes shape, FeedbackPlasticity plasticity) {
        return scenarios.loop(
                shape,
                Loss.CROSS_ENTROPY,
                q ->
                        new LoopPhase(
                                        q,
                                        new OutputTarget.OwnOutput(),
                                        new ProportionalIntegralController(0.2, 0.5),
                                        new Dynamics(0.002, 25, 0.01, 0.1, true, false, false))
                                .withNoise(new ApicalNoise(0.05, 0.03))
                                .withPlasticities(plasticity));
    }

    private Plan delayed(Shapes shape, FeedbackPlasticity plasticity) {
        return scenarios.loop(
                shape,
                Loss.CROSS_ENTROPY,
                q ->
                        new LoopPhase(
                                        q,
                                        Scenarios.NUDGE,
                                        Scenarios.CONTROLLER,
                                        new Dynamics(0.01, 12, 0.05, 0.1, false, false, true))
                                .withNoise(new ApicalNoise(0.02, 0))
                                .withPlasticities(plasticity));
    }

    List<Scenario> noise() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            Plan plan =
                    scenarios.loop(
                            shape,
                            Loss.CROSS_ENTROPY,
                            q ->
                                    new LoopPhase(
                                                    q,
                                                    Scenarios.NUDGE,
                                                    Scenarios.CONTROLLER,
                                                    new Dynamics(
                                                            0.05, 20, 0.2, 0.1, true, false, true),
                                                    Scenarios.MEAN)
                                            .withNoise(new ApicalNoise(0.1, 0.2)));
            all.add(
                    shape.scenario("generated noise", plan)
                            .withNoise(n -> new Noise.Generated(0x1234567890L, n)));
            all.add(shape.scenario("recorded noise", plan).withNoise(n -> shape.recorded(19, n)));
            all.add(shape.scenario("no noise", plan).withNoise(n -> Noise.none()));
        }
        return all;
    }

    private static LayerProgram backpropagation(
            Shapes shape, Plan.Builder builder, Clipping clipping) {
        return LayerPrograms.backpropagation(
                shape.network(), builder.weights(), builder.biases(), clipping);
    }

    List<Scenario> backward() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                for (Clipping clipping :
                        List.of(new Clipping.None(), new Clipping.PerLayer(0.05))) {
                    Plan.Builder builder = scenarios.builder(shape, loss);
                    builder.program("backward", backpropagation(shape, builder, clipping));
                    all.add(shape.scenario("backward " + loss, builder.build()));
                }
            }
        }
        return all;
    }

    List<Scenario> optimizers() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            int depth = shape.network().depth();
            List<Double> rates = new ArrayList<>();
            List<Double> epsilons = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                rates.add(0.01 / (i + 1));
                epsilons.add(1e-3 / (i + 1));
            }
            for (Optimizer optimizer :
                    List.of(
                            new Optimizer.Sgd(0),
                            new Optimizer.Sgd(0.9),
                            new Optimizer.Adam(0.9, 0.99, 1e-3),
                            new Optimizer.Adam(0.9, 0.99, epsilons))) {
                for (Set<Integer> frozen : List.of(Set.<Integer>of(), Set.of(depth - 1))) {
                    all.add(
                            shape.scenario(
                                    optimizer + ", frozen " + frozen,
                                    trainingPlan(
                                            shape,
                                            Loss.CROSS_ENTROPY,
                                            new Optimization(optimizer, rates, 0.01, frozen))));
                }
            }
            all.add(
                    shape.scenario(
                            "steady state, stepped",
                            TrainingPlans.steadyState(shape, Loss.CROSS_ENTROPY)));
        }
        return all;
    }

    /**
     * A plan of DFC: a loop from which weights and biases learn, and a perturbation for feedback
     * weights, before training and in between.
     */
    static Plan trainingPlan(Shapes shape, Loss loss, Optimization optimization) {
        Plan.Builder builder = shape.builder(loss);
        ParameterGroup q = builder.feedbackWeights();
        var loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                q,
                                Scenarios.NUDGE,
                                Scenarios.CONTROLLER,
                                new Dynamics(0.05, 10, 0.2),
                                Scenarios.LAST));
        var feedback =
                builder.perturbation(
                        "feedback",
                        new PerturbationPhase(
                                q,
                                new FeedbackRule.ForwardPerturbation(0.05),
                                Optional.empty(),
                                new Clipping.Joint(1)));
        OptimizerHandle forward =
                builder.optimizer("forward", optimization, builder.forwardGroups());
        builder.step(loop.gradients().getFirst(), forward);
        for (String name : List.of("feedback", "feedback-pretraining")) {
            builder.step(feedback.gradients().getFirst(), builder.optimizer(name, optimization, q));
        }
        return builder.build();
    }

    /** A plan of backpropagation with a step. */
    static Plan backpropagation(Shapes shape, Loss loss) {
        Plan.Builder builder = shape.builder(loss);
        var backward =
                builder.program("backward", backpropagation(shape, builder, new Clipping.None()));
        builder.step(
                backward.gradients().getFirst(),
                builder.optimizer(
                        "forward",
                        new Optimization(new Optimizer.Sgd(0), 0.1),
                        builder.forwardGroups()));
        return builder.build();
    }

    List<Scenario> userCode() {
        List<Scenario> all = new ArrayList<>();
        LearningRule rule = new UserCode.FilteredDifference();
        for (Shapes shape : shapes) {
            all.add(
                    shape.scenario(
                            "a user's controller and rule",
                            scenarios.loop(
                                    shape,
                                    Loss.CROSS_ENTROPY,
                                    q ->
                                            new LoopPhase(
                                                    q,
                                                    Scenarios.NUDGE,
                                                    new UserCode.DoubleIntegrator(),
                                                    Scenarios.DYNAMICS,
                                                    plasticity(
                                                            ForwardPlasticity.Mode.CONTINUOUS,
                                                            rule),
                                                    plasticity(
                                                            ForwardPlasticity.Mode.LAST_STATE,
                                                            rule),
                                                    plasticity(
                                                            ForwardPlasticity.Mode
                                                                    .CONTINUOUS_RUNNING,
                                                            rule)))));
        }
        return all;
    }

    private static ForwardPlasticity plasticity(ForwardPlasticity.Mode mode, LearningRule rule) {
        return new ForwardPlasticity(mode, rule);
    }

    List<Scenario> recordings() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (boolean deviations : new boolean[] {false, true}) {
                Plan.Builder builder = scenarios.builder(shape, Loss.CROSS_ENTROPY);
                ParameterGroup q = builder.feedbackWeights();
                builder.loop(
                        "control",
                        new LoopPhase(
                                q,
                                Scenarios.NUDGE,
                                Scenarios.CONTROLLER,
                                new Dynamics(0.05, 25, 0.2, 0.1, false, false, true)));
                builder.loop(
                        "feedback",
                        new LoopPhase(
                                        q,
                                        new OutputTarget.OwnOutput(),
                                        Scenarios.CONTROLLER,
                                        new Dynamics(0.01, 25, 0.05))
                                .withNoise(new ApicalNoise(0.05, 0.05))
                                .withPlasticities(new FeedbackPlasticity()));
                all.add(
                        shape.scenario(
                                        deviations ? "recorded deviations" : "recorded values",
                                        builder.build())
                                .withRecording(
                                        new Recording(
                                                Set.of(Variable.values()),
                                                List.of(0, 1, 7, 24),
                                                deviations)));
            }
        }
        return all;
    }
}
