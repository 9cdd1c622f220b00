package io.dfc.api.testkit.rule;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.api.testkit.scenario.Matrices;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Feedback weights learn the same, whether or not weights and biases learn beside them. */
public final class MixedLoops {
    private static final int CASES = 4;
    private static final int SAMPLES = 5;

    private MixedLoops() {}

    public static Stream<DynamicTest> giveWhatEachPlasticityGivesAlone(IntFunction<Backend> open) {
        return LongStream.range(0, CASES)
                .mapToObj(
                        seed ->
                                DynamicTest.dynamicTest(
                                        "feedback weights of case " + seed,
                                        () -> compareWithEachAlone(open.apply(2), seed)));
    }

    private static void compareWithEachAlone(Backend backend, long seed) {
        LoopCase c = LoopCase.draw(4000 + seed, SAMPLES);
        Plan mixed = c.mixed(new Solver.Euler(), ForwardPlasticity.Mode.CONTINUOUS);
        List<Tensor> together = feedback(backend, c, mixed, seed);
        List<Tensor> alone = feedback(backend, c, alone(mixed.loops().getFirst(), mixed), seed);
        double tolerance = Comparisons.tolerance(backend.computeType());
        for (int i = 0; i < alone.size(); i++) {
            double[] expected = alone.get(i).toDoubles();
            double[] difference = Matrices.minus(together.get(i).toDoubles(), expected);
            double allowed = tolerance * Matrices.norm(expected);
            int layer = i;
            Assertions.assertTrue(
                    Matrices.norm(difference) <= allowed,
                    () -> "layer " + layer + " is off by " + Matrices.norm(difference));
        }
    }

    /** The loop of another plan with its feedback plasticity alone. */
    private static Plan alone(LoopHandle loop, Plan plan) {
        Plan.Builder builder = Plan.builder(plan.network(), Loss.MEAN_SQUARED_ERROR, SAMPLES);
        LoopPhase p = loop.phase();
        Plasticity feedback = p.feedbackPlasticity().orElseThrow();
        builder.loop(
                "alone",
                new LoopPhase(
                        builder.feedbackWeights(),
                        p.target(),
                        p.controller(),
                        p.dynamics(),
                        p.solver(),
                        p.convergence(),
                        p.noise(),
                        List.of(feedback)));
        return builder.build();
    }

    private static List<Tensor> feedback(Backend backend, LoopCase c, Plan plan, long seed) {
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(c.parameters()));
            engine.forward(c.minibatch());
            LoopResult result = engine.run(plan.loops().getFirst(), new Noise.Generated(seed, 1));
            return result.unclippedFeedback();
        }
    }
}
