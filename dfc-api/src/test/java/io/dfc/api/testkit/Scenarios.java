package io.dfc.api.testkit;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Variable;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The scenarios of the kit, odd shapes first. */
final class Scenarios {
    static final OutputTarget NUDGE = new OutputTarget.Nudge(0.3);
    static final Controller CONTROLLER = new ProportionalIntegralController(1.5, 0.01);
    static final Dynamics DYNAMICS = new Dynamics(0.05, 40, 0.2);
    static final Update LAST =
            new Update(Update.Mode.LAST_STATE, PublishedRule.NONLINEAR_DIFFERENCE);
    static final Update MEAN =
            new Update(Update.Mode.CONTINUOUS, PublishedRule.NONLINEAR_DIFFERENCE);

    private Scenarios() {}

    static List<Scenario> forward() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
            for (Loss loss : Loss.values()) {
                Plan plan = Plan.evaluation(shape.network(), loss, shape.maxBatch());
                all.add(shape.scenario("forward " + loss, plan));
            }
        }
        return all;
    }

    static List<Scenario> dynamics() {
        List<Scenario> all = new ArrayList<>();
        record Switch(String name, Controller controller, Dynamics dynamics) {}
        List<Switch> switches =
                List.of(
                        new Switch("published", CONTROLLER, DYNAMICS),
                        new Switch("delayed", CONTROLLER, dynamics(0.05, false, false, true)),
                        new Switch(
                                "delayed, not proactive",
                                CONTROLLER,
                                dynamics(0.05, false, false, false)),
                        new Switch("slow apical", CONTROLLER, dynamics(0.2, true, false, true)),
                        new Switch("fast apical", CONTROLLER, dynamics(0.04, true, false, true)),
                        new Switch(
                                "instant system",
                                new ProportionalIntegralController(0, 0.1),
                                dynamics(0.05, true, true, false)),
                        new Switch("not proactive", CONTROLLER, dynamics(0.05, true, false, false)),
                        new Switch(
                                "integral only",
                                new ProportionalIntegralController(0, 0.2),
                                DYNAMICS),
                        new Switch(
                                "leak on the integral",
                                new ProportionalIntegralController(1.5, 0.3, Leak.INTEGRAL),
                                DYNAMICS));
        for (Shapes shape : Shapes.all()) {
            for (Switch s : switches) {
                all.add(
                        shape.scenario(
                                s.name(),
                                plan(shape)
                                        .withControl(
                                                phase(
                                                        NUDGE,
                                                        s.controller(),
                                                        s.dynamics(),
                                                        new Solver.Euler(),
                                                        MEAN,
                                                        LAST))));
            }
        }
        return all;
    }

    private static Dynamics dynamics(
            double apical, boolean instant, boolean system, boolean proactive) {
        return new Dynamics(0.05, 30, 0.2, apical, instant, system, proactive);
    }

    private static Plan plan(Shapes shape) {
        return Plan.evaluation(shape.network(), Loss.CROSS_ENTROPY, shape.maxBatch());
    }

    private static ControlPhase phase(
            OutputTarget target,
            Controller controller,
            Dynamics dynamics,
            Solver solver,
            Update... updates) {
        return new ControlPhase(target, controller, dynamics, solver, updates);
    }

    static List<Scenario> updates() {
        List<Scenario> all = new ArrayList<>();
        List<Update> updates = new ArrayList<>();
        for (PublishedRule rule : PublishedRule.values()) {
            for (Update.Mode mode : Update.Mode.values()) {
                for (Clipping clipping :
                        List.of(
                                new Clipping.None(),
                                new Clipping.PerTensor(0.01),
                                new Clipping.PerLayer(0.01),
                                new Clipping.Joint(0.01))) {
                    updates.add(new Update(mode, rule, Update.Presynaptic.CONTROLLED, clipping));
                }
            }
            updates.add(
                    new Update(
                            Update.Mode.LAST_STATE,
                            rule,
                            Update.Presynaptic.FEEDFORWARD,
                            new Clipping.None()));
        }
        for (Shapes shape : Shapes.all()) {
            for (boolean instant : new boolean[] {true, false}) {
                all.add(
                        shape.scenario(
                                "all updates" + (instant ? "" : ", delayed"),
                                plan(shape)
                                        .withControl(
                                                phase(
                                                        NUDGE,
                                                        CONTROLLER,
                                                        dynamics(0.05, instant, false, true),
                                                        new Solver.Euler(),
                                                        updates.toArray(Update[]::new)))));
            }
        }
        return all;
    }

    /** Numbers of time points after which no sample, some, and all have converged. */
    private static final int[] MASKED_POINTS = {5, 200, 300, 1500};

    static List<Scenario> masks() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
            for (int points : MASKED_POINTS) {
                all.add(masked(shape, points));
            }
        }
        return all;
    }

    static Scenario masked(Shapes shape, int points) {
        Update running =
                new Update(Update.Mode.CONTINUOUS_RUNNING, PublishedRule.VOLTAGE_DIFFERENCE);
        return shape.scenario(
                points + " points, converged samples only",
                plan(shape)
                        .withControl(
                                new ControlPhase(
                                        NUDGE,
                                        CONTROLLER,
                                        new Dynamics(0.05, points, 0.2),
                                        new Solver.Euler(),
                                        new Convergence(0.5, false),
                                        Optional.empty(),
                                        List.of(MEAN, LAST, running),
                                        Recording.none())));
    }

    static List<Scenario> targets() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
            for (Loss loss : Loss.values()) {
                for (OutputTarget target :
                        List.of(
                                new OutputTarget.Strong(0.9),
                                new OutputTarget.Nudge(0.1, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                                new OutputTarget.Nudge(1e-5),
                                new OutputTarget.OwnOutput())) {
                    all.add(
                            shape.scenario(
                                    target + " " + loss,
                                    Plan.evaluation(shape.network(), loss, shape.maxBatch())
                                            .withControl(
                                                    phase(
                                                            target,
                                                            CONTROLLER,
                                                            DYNAMICS,
                                                            new Solver.Euler(),
                                                            MEAN))));
                }
            }
        }
        return all;
    }

    static List<Scenario> solvers() {
        List<Scenario> all = new ArrayList<>();
        Update feedforward =
                new Update(
                        Update.Mode.LAST_STATE,
                        PublishedRule.DERIVATIVE,
                        Update.Presynaptic.FEEDFORWARD,
                        new Clipping.None());
        List<Shapes> shapes = new ArrayList<>(Shapes.smooth());
        shapes.add(Shapes.wide());
        all.add(unstable(Shapes.smooth().get(2)));
        all.add(unstable(Shapes.wide()));
        for (Shapes shape : shapes) {
            for (Solver solver :
                    List.of(new Solver.Linearized(), new Solver.SteadyState(1e-6, 50))) {
                for (double step : new double[] {0.3, 1e-4}) {
                    all.add(
                            shape.scenario(
                                    solver + ", step " + step,
                                    plan(shape)
                                            .withControl(
                                                    new ControlPhase(
                                                            new OutputTarget.Nudge(step),
                                                            CONTROLLER,
                                                            DYNAMICS,
                                                            solver,
                                                            Convergence.includingAll(),
                                                            Optional.empty(),
                                                            List.of(LAST, feedforward),
                                                            new Recording(
                                                                    Set.of(
                                                                            Variable.CONTROL,
                                                                            Variable.SOMATIC,
                                                                            Variable.APICAL),
                                                                    List.of(0, 1),
                                                                    true)))));
                }
            }
        }
        return all;
    }

    /** The root is there, but the loop drives the network away from it. */
    static Scenario unstable(Shapes shape) {
        Scenario stable =
                shape.scenario(
                        "unstable steady state",
                        plan(shape)
                                .withControl(
                                        phase(
                                                NUDGE,
                                                CONTROLLER,
                                                new Dynamics(0.05, 10, 0.2),
                                                new Solver.SteadyState(),
                                                LAST)));
        for (Tensor q : stable.parameters().feedback()) {
            for (int i = 0; i < q.size(); i++) {
                q.set(i, -q.get(i));
            }
        }
        return stable;
    }

    static List<Scenario> feedback() {
        List<Scenario> all = new ArrayList<>();
        FeedbackRule.NormalController normal =
                new FeedbackRule.NormalController(
                        new ProportionalIntegralController(0.2, 0.5),
                        new Dynamics(0.002, 25, 0.01, 0.1, true, false, false),
                        new ApicalNoise(0.05, 0.03),
                        new OutputTarget.OwnOutput());
        FeedbackRule.NormalController delayed =
                new FeedbackRule.NormalController(
                        CONTROLLER,
                        new Dynamics(0.01, 12, 0.05, 0.1, false, false, true),
                        new ApicalNoise(0.02, 0),
                        NUDGE);
        for (Shapes shape : Shapes.all()) {
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
                                    plan(shape).withFeedback(phase)));
                }
            }
        }
        return all;
    }

    static List<Scenario> noise() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
            Plan plan =
                    plan(shape)
                            .withControl(
                                    new ControlPhase(
                                            NUDGE,
                                            CONTROLLER,
                                            new Dynamics(0.05, 20, 0.2, 0.1, true, false, true),
                                            new Solver.Euler(),
                                            Convergence.includingAll(),
                                            Optional.of(new ApicalNoise(0.1, 0.2)),
                                            List.of(MEAN),
                                            Recording.none()));
            all.add(
                    shape.scenario("generated noise", plan)
                            .withNoise(n -> new Noise.Generated(0x1234567890L, n)));
            all.add(shape.scenario("recorded noise", plan).withNoise(n -> shape.recorded(19, n)));
            all.add(shape.scenario("no noise", plan).withNoise(n -> Noise.none()));
        }
        return all;
    }

    static List<Scenario> backward() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
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

    static List<Scenario> optimizers() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
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
        return plan(shape)
                .withControl(
                        phase(
                                NUDGE,
                                CONTROLLER,
                                new Dynamics(0.05, 10, 0.2),
                                new Solver.Euler(),
                                LAST))
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

    static List<Scenario> userCode() {
        List<Scenario> all = new ArrayList<>();
        LearningRule rule = new UserCode.FilteredDifference();
        for (Shapes shape : Shapes.all()) {
            all.add(
                    shape.scenario(
                            "a user's controller and rule",
                            plan(shape)
                                    .withControl(
                                            phase(
                                                    NUDGE,
                                                    new UserCode.DoubleIntegrator(),
                                                    DYNAMICS,
                                                    new Solver.Euler(),
                                                    new Update(Update.Mode.CONTINUOUS, rule),
                                                    new Update(Update.Mode.LAST_STATE, rule),
                                                    new Update(
                                                            Update.Mode.CONTINUOUS_RUNNING,
                                                            rule)))));
        }
        return all;
    }

    static List<Scenario> recordings() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : Shapes.all()) {
            for (boolean deviations : new boolean[] {false, true}) {
                Recording recording =
                        new Recording(Set.of(Variable.values()), List.of(0, 1, 7, 24), deviations);
                all.add(
                        shape.scenario(
                                deviations ? "recorded deviations" : "recorded values",
                                plan(shape)
                                        .withControl(
                                                new ControlPhase(
                                                        NUDGE,
                                                        CONTROLLER,
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
                                                                CONTROLLER,
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
