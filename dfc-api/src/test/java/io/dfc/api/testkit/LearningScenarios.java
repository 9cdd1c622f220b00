package io.dfc.api.testkit;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Scenarios of feedback learning, noise, backpropagation, optimisers, users' code and recordings.
 */
final class LearningScenarios {
    private LearningScenarios() {}

    static List<Scenario> feedback(List<Shapes> shapes) {
        List<Scenario> all = new ArrayList<>();
        FeedbackRule.NormalController normal =
                new FeedbackRule.NormalController(
                        new ProportionalIntegralController(0.2, 0.5),
                        new Dynamics(0.002, 25, 0.01, 0.1, true, false, false),
                        new ApicalNoise(0.05, 0.03),
                        new OutputTarget.OwnOutput());
        FeedbackRule.NormalController delayed =
                new FeedbackRule.NormalController(
                        Scenarios.CONTROLLER,
                        new Dynamics(0.01, 12, 0.05, 0.1, false, false, true),
                        new ApicalNoise(0.02, 0),
                        Scenarios.NUDGE);
        for (Shapes shape : shapes) {
            for (FeedbackRule rule :
                    List.of(
                            normal,
                            delayed,
                            new FeedbackRule.ForwardPerturbation(0.05),
                            new FeedbackRule.LinearizedReconstruction(0.05, 0.5))) {
                for (Clipping clipping :
                        List.of(
                                new Clipping.None(),
                                new Clipping.Joint(0.01),
                                new Clipping.PerTensor(0.01))) {
                    FeedbackPhase phase =
                            new FeedbackPhase(
                                    rule,
                                    Optional.of(new HomeostaticDecay(0.1, 3)),
                                    clipping,
                                    Recording.none());
                    all.add(
                            shape.scenario(
                                    rule.getClass().getSimpleName(),
                                    Scenarios.plan(shape).withFeedback(phase)));
                }
            }
        }
        return all;
    }

    static List<Scenario> noise(List<Shapes> shapes) {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            Plan plan =
                    Scenarios.plan(shape)
                            .withControl(
                                    new ControlPhase(
                                            Scenarios.NUDGE,
                                            Scenarios.CONTROLLER,
                                            new Dynamics(0.05, 20, 0.2, 0.1, true, false, true),
                                            new Solver.Euler(),
                                            Convergence.includingAll(),
                                            Optional.of(new ApicalNoise(0.1, 0.2)),
                                            List.of(Scenarios.MEAN),
                                            Recording.none()));
            all.add(
                    shape.scenario("generated noise", plan)
                            .withNoise(n -> new Noise.Generated(0x1234567890L, n)));
            all.add(shape.scenario("recorded noise", plan).withNoise(n -> shape.recorded(19, n)));
            all.add(shape.scenario("no noise", plan).withNoise(n -> Noise.none()));
        }
        return all;
    }

    static List<Scenario> backward(List<Shapes> shapes) {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                for (Clipping clipping :
                        List.of(new Clipping.None(), new Clipping.PerLayer(0.05))) {
                    all.add(
                            shape.scenario(
                                    "backward " + loss,
                                    Plan.evaluation(shape.network(), loss, shape.maxBatch())
                                            .withBackward(clipping)));
                }
            }
        }
        return all;
    }

    static List<Scenario> optimizers(List<Shapes> shapes) {
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
                                            new Optimization(optimizer, rates, 0.01, frozen))));
                }
            }
        }
        return all;
    }

    static Plan trainingPlan(Shapes shape, Optimization optimization) {
        return Scenarios.plan(shape)
                .withControl(
                        Scenarios.phase(
                                Scenarios.NUDGE,
                                Scenarios.CONTROLLER,
                                new Dynamics(0.05, 10, 0.2),
                                new Solver.Euler(),
                                Scenarios.LAST))
                .withFeedback(
                        new FeedbackPhase(
                                new FeedbackRule.ForwardPerturbation(0.05),
                                Optional.empty(),
                                new Clipping.Joint(1),
                                Recording.none()))
                .withOptimization(OptimizerSlot.FORWARD, optimization)
                .withOptimization(OptimizerSlot.FEEDBACK, optimization)
                .withOptimization(OptimizerSlot.FEEDBACK_PRETRAINING, optimization);
    }

    static List<Scenario> userCode(List<Shapes> shapes) {
        List<Scenario> all = new ArrayList<>();
        LearningRule rule = new UserCode.FilteredDifference();
        for (Shapes shape : shapes) {
            all.add(
                    shape.scenario(
                            "a user's controller and rule",
                            Scenarios.plan(shape)
                                    .withControl(
                                            Scenarios.phase(
                                                    Scenarios.NUDGE,
                                                    new UserCode.DoubleIntegrator(),
                                                    Scenarios.DYNAMICS,
                                                    new Solver.Euler(),
                                                    new Update(Update.Mode.CONTINUOUS, rule),
                                                    new Update(Update.Mode.LAST_STATE, rule),
                                                    new Update(
                                                            Update.Mode.CONTINUOUS_RUNNING,
                                                            rule)))));
        }
        return all;
    }

    static List<Scenario> recordings(List<Shapes> shapes) {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (boolean deviations : new boolean[] {false, true}) {
                Recording recording =
                        new Recording(Set.of(Variable.values()), List.of(0, 1, 7, 24), deviations);
                all.add(
                        shape.scenario(
                                deviations ? "recorded deviations" : "recorded values",
                                Scenarios.plan(shape)
                                        .withControl(
                                                new ControlPhase(
                                                        Scenarios.NUDGE,
                                                        Scenarios.CONTROLLER,
                                                        new Dynamics(
                                                                0.05, 25, 0.2, 0.1, false, false,
                                                                true),
                                                        new Solver.Euler(),
                                                        Convergence.includingAll(),
                                                        Optional.empty(),
                                                        List.of(),
                                                        recording))
                                        .withFeedback(
                                                new FeedbackPhase(
                                                        new FeedbackRule.NormalController(
                                                                Scenarios.CONTROLLER,
                                                                new Dynamics(0.01, 25, 0.05),
                                                                new ApicalNoise(0.05, 0.05),
                                                                new OutputTarget.OwnOutput()),
                                                        Optional.empty(),
                                                        new Clipping.None(),
                                                        recording))));
            }
        }
        return all;
    }
}
