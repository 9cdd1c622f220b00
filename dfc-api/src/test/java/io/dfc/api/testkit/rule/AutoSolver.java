package io.dfc.api.testkit.rule;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Specification;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.LoopCase;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holds {@link Solver.Auto} of a backend against the reference's exact simulation: whatever way the
 * backend takes, its updates lie within the error that it states.
 */
public final class AutoSolver {
    private static final Solver SOLVER = new Solver.Auto(1e-2);
    private static final int CASES = 30;
    private static final int FEW_CASES = 2;
    private static final int MIXED_CASES = 10;
    private static final int SAMPLES = 37;

    /** What simulation gives, by the question; tests of the kit ask the same over and over. */
    private static final Map<String, Answer> EXACT = new ConcurrentHashMap<>();

    /** The estimate may be too small by this factor. */
    private static final double SLACK = 2;

    private AutoSolver() {}

    /** A plan for a case and a solver, and what comes of it. */
    private record Question(
            String name, Function<Solver, Plan> plan, Function<Engine, Answer> ask, LoopCase of) {
        @Override
        public String toString() {
            return name + " of " + of.network() + ", nudge " + of.nudge();
        }
    }

    private record Answer(List<Tensor> gradients, double estimate) {}

    private static Stream<Question> questions(Coverage coverage) {
        return IntStream.range(0, coverage == Coverage.EVERY_SHAPE ? CASES : FEW_CASES)
                .boxed()
                .flatMap(
                        seed -> {
                            LoopCase c = LoopCase.draw(1000 + seed, SAMPLES);
                            return Stream.of(
                                    control(c, ForwardPlasticity.Mode.CONTINUOUS),
                                    control(c, ForwardPlasticity.Mode.LAST_STATE),
                                    new Question(
                                            "feedback",
                                            c::feedback,
                                            engine -> feedback(engine, seed),
                                            c));
                        });
    }

    /** Loops from which forward and feedback weights learn at once. */
    private static Stream<Question> mixedQuestions(Coverage coverage) {
        return IntStream.range(0, coverage == Coverage.EVERY_SHAPE ? MIXED_CASES : FEW_CASES)
                .boxed()
                .map(
                        seed -> {
                            LoopCase c = LoopCase.draw(3000 + seed, SAMPLES);
                            return new Question(
                                    "mixed",
                                    solver -> c.mixed(solver, ForwardPlasticity.Mode.CONTINUOUS),
                                    engine -> mixed(engine, seed),
                                    c);
                        });
    }

    private static Question control(LoopCase c, ForwardPlasticity.Mode mode) {
        return new Question(
                mode.toString(), solver -> c.control(solver, mode), AutoSolver::control, c);
    }

    private static Answer control(Engine engine) {
        LoopHandle loop = engine.plan().loops().getFirst();
        LoopResult result = engine.run(loop, Noise.none());
        return new Answer(
                result.gradient(loop.gradients().getFirst()).weights(), result.errorEstimate());
    }

    private static Answer feedback(Engine engine, int seed) {
        LoopHandle loop = engine.plan().loops().getFirst();
        LoopResult result = engine.run(loop, new Noise.Generated(seed, 5));
        return new Answer(result.unclippedFeedback(), result.errorEstimate());
    }

    private static Answer mixed(Engine engine, int seed) {
        LoopHandle loop = engine.plan().loops().getFirst();
        LoopResult result = engine.run(loop, new Noise.Generated(seed, 5));
        List<Tensor> gradients =
                new ArrayList<>(result.gradient(loop.gradients().getFirst()).weights());
        gradients.addAll(result.unclippedFeedback());
        return new Answer(gradients, result.errorEstimate());
    }

    public static Stream<DynamicTest> staysWithinItsEstimateInMixedLoops(
            Coverage coverage, IntFunction<Backend> open) {
        return mixedQuestions(coverage)
                .map(q -> DynamicTest.dynamicTest(q.toString(), () -> matchSimulation(q, open)));
    }

    public static Stream<DynamicTest> staysWithinItsEstimate(
            Coverage coverage, IntFunction<Backend> open) {
        return questions(coverage)
                .map(q -> DynamicTest.dynamicTest(q.toString(), () -> matchSimulation(q, open)));
    }

    private static void matchSimulation(Question question, IntFunction<Backend> open) {
        Backend backend = open.apply(2);
        Answer exact =
                EXACT.computeIfAbsent(
                        question.toString(),
                        q -> answer(Specification.backend(), question, new Solver.Euler()));
        Answer found = answer(backend, question, SOLVER);
        double allowed = SLACK * found.estimate() + Comparisons.tolerance(backend.computeType());
        for (int i = 0; i < exact.gradients().size(); i++) {
            double error = relativeError(found.gradients().get(i), exact.gradients().get(i));
            int layer = i;
            Assertions.assertTrue(
                    error <= allowed,
                    () ->
                            question
                                    + ": layer "
                                    + layer
                                    + " is off by "
                                    + error
                                    + ", allowed "
                                    + allowed);
        }
    }

    public static Stream<DynamicTest> doesNotDependOnThreads(
            Coverage coverage, IntFunction<Backend> open) {
        return questions(coverage)
                .limit(CASES)
                .map(
                        q ->
                                DynamicTest.dynamicTest(
                                        q.toString(),
                                        () ->
                                                Assertions.assertArrayEquals(
                                                        flat(answer(open.apply(1), q, SOLVER)),
                                                        flat(answer(open.apply(3), q, SOLVER)),
                                                        q::toString)));
    }

    private static double[] flat(Answer answer) {
        List<double[]> parts = new ArrayList<>();
        answer.gradients().forEach(t -> parts.add(t.toDoubles()));
        parts.add(new double[] {answer.estimate()});
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static Answer answer(Backend backend, Question question, Solver solver) {
        try (Engine engine = CompiledPlan.of(backend, question.plan().apply(solver))) {
            engine.load(new EngineState(question.of().parameters()));
            engine.forward(question.of().minibatch());
            return question.ask().apply(engine);
        }
    }

    /** Frobenius norm of the difference over that of what is exact. */
    private static double relativeError(Tensor found, Tensor exact) {
        double difference = 0;
        double norm = 0;
        for (int k = 0; k < exact.size(); k++) {
            double d = found.get(k) - exact.get(k);
            difference += d * d;
            norm += exact.get(k) * exact.get(k);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }
}
