package io.dfc.api.testkit.scenario;

import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The scenarios of the kit, odd shapes first; made anew by every call. */
public final class Scenarios {
    public static final OutputTarget NUDGE = new OutputTarget.Nudge(0.3);
    public static final Controller CONTROLLER = new ProportionalIntegralController(1.5, 0.01);
    static final Dynamics DYNAMICS = new Dynamics(0.05, 40, 0.2);
    public static final ForwardPlasticity LAST =
            new ForwardPlasticity(ForwardPlasticity.Mode.LAST_STATE, DfcRule.NONLINEAR_DIFFERENCE);
    public static final ForwardPlasticity MEAN =
            new ForwardPlasticity(ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE);

    private final Coverage coverage;
    private final Precision precision;

    /** Shapes of most scenarios. */
    private final List<Shapes> shapes;

    public Scenarios(Coverage coverage) {
        this(coverage, Precision.FULL);
    }

    /**
     * Scenarios whose loops multiply by weights of a precision.
     *
     * @param coverage how many there are
     * @param precision the precision
     */
    public Scenarios(Coverage coverage, Precision precision) {
        this.coverage = coverage;
        this.precision = precision;
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    /** Begins a plan for a shape. */
    Plan.Builder builder(Shapes shape, Loss loss) {
        return shape.builder(loss).precision(precision);
    }

    /** A plan of a loop, named {@code control}, and nothing else. */
    Plan loop(Shapes shape, Loss loss, Function<ParameterGroup, LoopPhase> phase) {
        return loop(builder(shape, loss), phase);
    }

    /** A plan of a loop and what the builder has already. */
    public static Plan loop(Plan.Builder builder, Function<ParameterGroup, LoopPhase> phase) {
        builder.loop("control", phase.apply(builder.feedbackWeights()));
        return builder.build();
    }

    private Plan loop(Shapes shape, Function<ParameterGroup, LoopPhase> phase) {
        return loop(shape, Loss.CROSS_ENTROPY, phase);
    }

    /** One forward pass and nothing else. */
    public static Scenario evaluation(Shapes shape, Loss loss) {
        return shape.scenario("forward " + loss, shape.builder(loss).build());
    }

    public List<Scenario> forward() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                all.add(evaluation(shape, loss));
            }
        }
        return all;
    }

    public List<Scenario> dynamics() {
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
                                loop(
                                        shape,
                                        q ->
                                                new LoopPhase(
                                                        q,
                                                        NUDGE,
                                                        s.controller(),
                                                        s.dynamics(),
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

    public List<Scenario> updates() {
        List<Scenario> all = new ArrayList<>();
        List<ForwardPlasticity> updates = new ArrayList<>();
        for (DfcRule rule : DfcRule.values()) {
            for (ForwardPlasticity.Mode mode : ForwardPlasticity.Mode.values()) {
                for (Clipping clipping :
                        List.of(
                                new Clipping.None(),
                                new Clipping.PerTensor(0.01),
                                new Clipping.PerLayer(0.01),
                                new Clipping.Joint(0.01))) {
                    updates.add(
                            new ForwardPlasticity(
                                    mode,
                                    rule,
                                    ForwardPlasticity.Presynaptic.CONTROLLED,
                                    clipping));
                }
            }
            updates.add(
                    new ForwardPlasticity(
                            ForwardPlasticity.Mode.LAST_STATE,
                            rule,
                            ForwardPlasticity.Presynaptic.FEEDFORWARD,
                            new Clipping.None()));
        }
        for (Shapes shape : shapes) {
            for (boolean instant : new boolean[] {true, false}) {
                all.add(
                        shape.scenario(
                                "all updates" + (instant ? "" : ", delayed"),
                                loop(
                                        shape,
                                        q ->
                                                new LoopPhase(
                                                        q,
                                                        NUDGE,
                                                        CONTROLLER,
                                                        dynamics(0.05, instant, false, true),
                                                        updates.toArray(Plasticity[]::new)))));
            }
        }
        return all;
    }

    /** Numbers of time points after which no sample, some, and all have converged. */
    private static final int[] MASKED_POINTS = {5, 200, 300, 1500};

    public List<Scenario> masks() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (int points : MASKED_POINTS) {
                all.add(masked(shape, points));
            }
        }
        return all;
    }

    private Scenario masked(Shapes shape, int points) {
        ForwardPlasticity running =
                new ForwardPlasticity(
                        ForwardPlasticity.Mode.CONTINUOUS_RUNNING, DfcRule.VOLTAGE_DIFFERENCE);
        return shape.scenario(
                points + " points, converged samples only",
                loop(
                        shape,
                        q ->
                                new LoopPhase(
                                                q,
                                                NUDGE,
                                                CONTROLLER,
                                                new Dynamics(0.05, points, 0.2),
                                                MEAN,
                                                LAST,
                                                running)
                                        .withConvergence(new Convergence(0.5, false))));
    }

    public List<Scenario> targets() {
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
                                    loop(
                                            shape,
                                            loss,
                                            q ->
                                                    new LoopPhase(
                                                            q,
                                                            target,
                                                            CONTROLLER,
                                                            DYNAMICS,
                                                            MEAN))));
                }
            }
        }
        return all;
    }

    public List<Scenario> solvers() {
        List<Scenario> all = new ArrayList<>();
        ForwardPlasticity feedforward =
                new ForwardPlasticity(
                        ForwardPlasticity.Mode.LAST_STATE,
                        DfcRule.DERIVATIVE,
                        ForwardPlasticity.Presynaptic.FEEDFORWARD,
                        new Clipping.None());
        all.add(unstable(Shapes.smooth().get(2), precision));
        List<Shapes> smooth = new ArrayList<>(Shapes.two());
        if (coverage == Coverage.EVERY_SHAPE) {
            smooth = new ArrayList<>(Shapes.smooth());
            smooth.add(Shapes.wide());
            all.add(unstable(Shapes.wide(), precision));
        }
        Recording recording =
                new Recording(
                        Set.of(Variable.CONTROL, Variable.SOMATIC, Variable.APICAL),
                        List.of(0, 1),
                        true);
        for (Shapes shape : smooth) {
            for (Solver solver :
                    List.of(new Solver.Linearized(), new Solver.SteadyState(1e-6, 50))) {
                for (double step : new double[] {0.3, 1e-4}) {
                    OutputTarget target = new OutputTarget.Nudge(step);
                    Plan plan =
                            loop(
                                    shape,
                                    q ->
                                            new LoopPhase(
                                                            q,
                                                            target,
                                                            CONTROLLER,
                                                            DYNAMICS,
                                                            LAST,
                                                            feedforward)
                                                    .withSolver(solver));
                    all.add(
                            shape.scenario(solver + ", step " + step, plan)
                                    .withRecording(recording));
                }
            }
        }
        return all;
    }

    /** The root is there, but the loop drives the network away from it. */
    public static Scenario unstable(Shapes shape, Precision precision) {
        Scenario stable =
                shape.scenario(
                        "unstable steady state",
                        loop(
                                shape.builder(Loss.CROSS_ENTROPY).precision(precision),
                                q ->
                                        new LoopPhase(
                                                        q,
                                                        NUDGE,
                                                        CONTROLLER,
                                                        new Dynamics(0.05, 10, 0.2),
                                                        LAST)
                                                .withSolver(new Solver.SteadyState())));
        for (Tensor q : stable.parameters().feedback()) {
            for (int i = 0; i < q.size(); i++) {
                q.set(i, -q.get(i));
            }
        }
        return stable;
    }

    public List<Scenario> feedback() {
        return new LearningScenarios(this, shapes).feedback();
    }

    public List<Scenario> noise() {
        return new LearningScenarios(this, shapes).noise();
    }

    public List<Scenario> backward() {
        return new LearningScenarios(this, shapes).backward();
    }

    public List<Scenario> optimizers() {
        return new LearningScenarios(this, shapes).optimizers();
    }

    public List<Scenario> userCode() {
        return new LearningScenarios(this, shapes).userCode();
    }

    public List<Scenario> recordings() {
        return new LearningScenarios(this, shapes).recordings();
    }
}
