package io.dfc.api.testkit;

import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Loss;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Variable;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The scenarios of the kit, odd shapes first; made anew by every call. */
final class Scenarios {
    static final OutputTarget NUDGE = new OutputTarget.Nudge(0.3);
    static final Controller CONTROLLER = new ProportionalIntegralController(1.5, 0.01);
    static final Dynamics DYNAMICS = new Dynamics(0.05, 40, 0.2);
    static final Update LAST =
            new Update(Update.Mode.LAST_STATE, PublishedRule.NONLINEAR_DIFFERENCE);
    static final Update MEAN =
            new Update(Update.Mode.CONTINUOUS, PublishedRule.NONLINEAR_DIFFERENCE);

    private final Coverage coverage;

    /** Shapes of most scenarios. */
    private final List<Shapes> shapes;

    Scenarios(Coverage coverage) {
        this.coverage = coverage;
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    /** One forward pass and nothing else. */
    static Scenario evaluation(Shapes shape, Loss loss) {
        return shape.scenario(
                "forward " + loss, Plan.evaluation(shape.network(), loss, shape.maxBatch()));
    }

    List<Scenario> forward() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                all.add(evaluation(shape, loss));
            }
        }
        return all;
    }

    List<Scenario> dynamics() {
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
        for (Shapes shape : shapes) {
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

    static Plan plan(Shapes shape) {
        return Plan.evaluation(shape.network(), Loss.CROSS_ENTROPY, shape.maxBatch());
    }

    static ControlPhase phase(
            OutputTarget target,
            Controller controller,
            Dynamics dynamics,
            Solver solver,
            Update... updates) {
        return new ControlPhase(target, controller, dynamics, solver, updates);
    }

    List<Scenario> updates() {
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
        for (Shapes shape : shapes) {
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

    List<Scenario> masks() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
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

    List<Scenario> targets() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
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

    List<Scenario> solvers() {
        List<Scenario> all = new ArrayList<>();
        Update feedforward =
                new Update(
                        Update.Mode.LAST_STATE,
                        PublishedRule.DERIVATIVE,
                        Update.Presynaptic.FEEDFORWARD,
                        new Clipping.None());
        all.add(unstable(Shapes.smooth().get(2)));
        List<Shapes> smooth = new ArrayList<>(Shapes.two());
        if (coverage == Coverage.EVERY_SHAPE) {
            smooth = new ArrayList<>(Shapes.smooth());
            smooth.add(Shapes.wide());
            all.add(unstable(Shapes.wide()));
        }
        for (Shapes shape : smooth) {
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

    List<Scenario> feedback() {
        return LearningScenarios.feedback(shapes);
    }

    List<Scenario> noise() {
        return LearningScenarios.noise(shapes);
    }

    List<Scenario> backward() {
        return LearningScenarios.backward(shapes);
    }

    List<Scenario> optimizers() {
        return LearningScenarios.optimizers(shapes);
    }

    List<Scenario> userCode() {
        return LearningScenarios.userCode(shapes);
    }

    List<Scenario> recordings() {
        return LearningScenarios.recordings(shapes);
    }
}
