package io.dfc.api.testkit.rule;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.agreement.Specification;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Recording.Source;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a recording leaves as it is, and what it gives. */
public final class RecordedRuns {
    private static final Set<Variable> ALL = Set.of(Variable.values());

    /** So small that no solver has to simulate. */
    private static final OutputTarget NUDGE = new OutputTarget.Nudge(1e-3);

    private static final Dynamics DYNAMICS = new Dynamics(0.05, 60, 0.2);
    private static final ApicalNoise NOISE = new ApicalNoise(1e-3, 1e-3);
    private static final Solver AUTO = new Solver.Auto(0.5);

    private RecordedRuns() {}

    /**
     * A loop that is recorded.
     *
     * @param name what is special about it
     * @param loop the loop, without plasticities and simulated
     * @param recording what is asked
     * @param source where the trajectory has to come from
     */
    private record Case(
            String name, UnaryOperator<LoopPhase> loop, Recording recording, Source source) {
        Plan plan(Shapes shape) {
            return plan(shape, loop);
        }

        /** The same plan, simulated. */
        Plan simulated(Shapes shape) {
            return plan(shape, phase -> loop.apply(phase).withSolver(new Solver.Euler()));
        }

        private static Plan plan(Shapes shape, UnaryOperator<LoopPhase> loop) {
            Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
            ParameterGroup q = builder.feedbackWeights();
            Optimization descent = new Optimization(new Optimizer.Sgd(0), 0.1);
            LoopHandle handle =
                    builder.loop(
                            "control",
                            loop.apply(new LoopPhase(q, NUDGE, Scenarios.CONTROLLER, DYNAMICS)));
            for (var gradient : handle.gradients()) {
                builder.step(
                        gradient,
                        builder.optimizer(
                                gradient.toString().replaceAll("\\W", "-"),
                                descent,
                                gradient.groups().toArray(ParameterGroup[]::new)));
            }
            return builder.build();
        }
    }

    private static List<Case> cases() {
        Recording overTime = new Recording(ALL, List.of(0, 1, 30, 59), false);
        Recording deviations = new Recording(ALL, List.of(2, 59), true);
        Recording twoPoints = new Recording(ALL, List.of(0, 1), false);
        ForwardPlasticity running =
                new ForwardPlasticity(
                        ForwardPlasticity.Mode.CONTINUOUS_RUNNING, DfcRule.VOLTAGE_DIFFERENCE);
        UnaryOperator<LoopPhase> steady =
                p -> p.withSolver(new Solver.SteadyState()).withPlasticities(Scenarios.LAST);
        UnaryOperator<LoopPhase> linear =
                p -> p.withSolver(new Solver.Linearized()).withPlasticities(Scenarios.LAST);
        UnaryOperator<LoopPhase> learning =
                p -> p.withNoise(NOISE).withPlasticities(new FeedbackPlasticity());
        return List.of(
                new Case(
                        "euler",
                        p ->
                                p.withConvergence(new Convergence(0.5, false))
                                        .withPlasticities(Scenarios.MEAN, Scenarios.LAST, running),
                        overTime,
                        Source.SIMULATION),
                new Case(
                        "auto",
                        p -> p.withSolver(AUTO).withPlasticities(Scenarios.MEAN, Scenarios.LAST),
                        overTime,
                        Source.SIMULATION),
                new Case("steady state", steady, twoPoints, Source.SOLVER),
                new Case(
                        "steady state, simulated",
                        steady,
                        deviations.from(Source.SIMULATION),
                        Source.SIMULATION),
                new Case("linearised", linear, twoPoints, Source.SOLVER),
                new Case(
                        "linearised, simulated",
                        linear,
                        overTime.from(Source.SIMULATION),
                        Source.SIMULATION),
                new Case("feedback learning", learning, overTime, Source.SIMULATION),
                new Case(
                        "feedback learning by auto",
                        p -> learning.apply(p.withSolver(AUTO)),
                        deviations,
                        Source.SIMULATION));
    }

    public static Stream<DynamicTest> areThoseThatRecordNothing(
            Coverage coverage, IntFunction<Backend> open) {
        return Shapes.smooth().subList(2, coverage == Coverage.EVERY_SHAPE ? 5 : 3).stream()
                .flatMap(
                        shape ->
                                cases().stream()
                                        .map(
                                                c ->
                                                        DynamicTest.dynamicTest(
                                                                c.name() + " on " + shape.network(),
                                                                () ->
                                                                        check(
                                                                                open.apply(2),
                                                                                c,
                                                                                shape))));
    }

    private static void check(Backend backend, Case c, Shapes shape) {
        if (c.source() == Source.SIMULATION) {
            // A backend that does not simulate has nothing to record beside its solver.
            CompiledPlan.of(backend, c.simulated(shape)).close();
        }
        Scenario without = training(shape.scenario(c.name(), c.plan(shape)));
        Observations expected = observed(backend, without);
        for (int first : new int[] {0, 1}) {
            IntFunction<Recording> everySecond =
                    n -> n % 2 == first ? c.recording() : Recording.none();
            Comparisons.assertSameBits(
                    without + ", recorded from " + first + " on",
                    expected,
                    observed(backend, without.withRecording(everySecond)));
        }
        Trajectory found = recorded(backend, c.plan(shape), shape, c.recording());
        Assertions.assertEquals(c.source(), found.source(), () -> c.name() + ": source");
        Assertions.assertEquals(c.recording().timePoints(), found.timePoints());
        Assertions.assertEquals(ALL, found.values().keySet());
        if (c.source() == Source.SIMULATION) {
            Comparisons.assertAgree(
                    without + ", trajectory",
                    trajectory(Specification.backend(), c.simulated(shape), shape, c.recording()),
                    found,
                    Comparisons.tolerance(backend.computeType()));
        }
    }

    /** Four minibatches, so that what a recording leaves behind has time to show. */
    private static Scenario training(Scenario s) {
        Minibatch first = s.minibatches().getFirst();
        Minibatch last = s.minibatches().getLast();
        return s.withMinibatches(List.of(first, last, first, last));
    }

    private static Observations observed(Backend backend, Scenario scenario) {
        try (Engine engine = CompiledPlan.of(backend, scenario.plan())) {
            return Observations.of(engine, scenario);
        }
    }

    /** A trajectory, or the backend's reason to record none, for which the test is skipped. */
    private static Trajectory recorded(
            Backend backend, Plan plan, Shapes shape, Recording recording) {
        try {
            return trajectory(backend, plan, shape, recording);
        } catch (PlanUnsupportedException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private static Trajectory trajectory(
            Backend backend, Plan plan, Shapes shape, Recording recording) {
        Scenario s = shape.scenario("trajectory", plan);
        Parameters parameters = s.parameters();
        Noise noise = s.noise().apply(0);
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(s.minibatches().getFirst());
            LoopHandle loop = plan.loops().getFirst();
            LoopResult unasked = engine.run(loop, noise);
            Assertions.assertThrows(
                    IllegalStateException.class, unasked::trajectory, "nothing was recorded");
            return engine.run(loop, noise, recording).trajectory();
        }
    }
}
