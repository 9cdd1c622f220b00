package io.dfc.api.testkit.rule;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.ReducedOrderOracle;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.api.testkit.scenario.Matrices;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Holds what {@link Solver.Auto} of a backend makes of a phase that it does not simulate against
 * the kit's own reduced-order loop. How well that loop stands for the network is another question,
 * that of {@link AutoSolver}.
 */
public final class ReducedOrderUpdates {
    /** So lax that the loop is taken wherever it has an estimate at all. */
    private static final Solver LAX = new Solver.Auto(0.9);

    private static final int SAMPLES = 5;

    /** Fewer are always simulated. */
    private static final int FEEDBACK_SAMPLES = 20;

    private static final long FIRST_SEED = 2000;

    /**
     * Relative error of a layer's update in float32, and in float64, where only rounding counts.
     */
    private static final double TOLERANCE_F32 = 1e-4;

    private static final double TOLERANCE_F64 = 1e-6;

    /** Of forms whose estimates are that close, rounding decides which one is the best. */
    private static final double TIE = 1.1;

    /** Estimates below this drown in the rounding of the updates that they are formed from. */
    private static final double LOWEST_ESTIMATE = 1e-5;

    private ReducedOrderUpdates() {}

    public static Stream<DynamicTest> matchTheKitsOwn(
            Coverage coverage, IntFunction<Backend> open) {
        int cases = coverage == Coverage.EVERY_SHAPE ? 40 : 4;
        return IntStream.range(0, cases)
                .mapToObj(n -> FIRST_SEED + n)
                .flatMap(
                        seed ->
                                Stream.of(
                                        control(seed, ForwardPlasticity.Mode.CONTINUOUS, open),
                                        control(seed, ForwardPlasticity.Mode.LAST_STATE, open),
                                        DynamicTest.dynamicTest(
                                                "feedback, case " + seed,
                                                () -> feedback(seed, open.apply(2)))));
    }

    private static DynamicTest control(
            long seed, ForwardPlasticity.Mode mode, IntFunction<Backend> open) {
        return DynamicTest.dynamicTest(
                mode + ", case " + seed, () -> control(seed, mode, open.apply(2)));
    }

    private static void control(long seed, ForwardPlasticity.Mode mode, Backend backend) {
        LoopCase c = LoopCase.draw(seed, SAMPLES);
        try (Engine engine = forwarded(backend, c, c.control(LAX, mode))) {
            LoopHandle loop = engine.plan().loops().getFirst();
            LoopResult result = engine.run(loop, Noise.none());
            Assumptions.assumeTrue(result.fallbackSamples() == 0, "simulated");
            List<ReducedOrderOracle.Form> forms = new ReducedOrderOracle(c).control(mode);
            // The second form of the last state costs as much as the third and errs more.
            List<ReducedOrderOracle.Form> offered =
                    mode == ForwardPlasticity.Mode.LAST_STATE
                            ? List.of(forms.get(0), forms.get(2))
                            : forms;
            double[] best = {best(offered, 0), best(offered, 1)};
            double[][] found = layers(result.gradient(loop.gradients().getFirst()));
            double error =
                    offered.stream()
                            .filter(f -> isBest(f, 0, best[0]) || isBest(f, 1, best[1]))
                            .mapToDouble(f -> worst(found, f.layers()))
                            .min()
                            .orElseThrow();
            requireWithin(error, backend.computeType(), mode + " of " + c);
            Assertions.assertTrue(
                    isNear(result.errorEstimate(), best[0])
                            || isNear(result.errorEstimate(), best[1]),
                    () ->
                            "estimates an error of "
                                    + result.errorEstimate()
                                    + ", expected "
                                    + Arrays.toString(best));
        }
    }

    private static double best(List<ReducedOrderOracle.Form> forms, int norm) {
        return forms.stream().mapToDouble(f -> f.estimates()[norm]).min().orElseThrow();
    }

    private static boolean isBest(ReducedOrderOracle.Form form, int norm, double best) {
        return form.estimates()[norm] <= TIE * best + LOWEST_ESTIMATE;
    }

    private static boolean isNear(double estimate, double expected) {
        return Math.abs(estimate - expected) <= (TIE - 1) * expected + LOWEST_ESTIMATE;
    }

    private static void feedback(long seed, Backend backend) {
        LoopCase c = LoopCase.draw(seed, FEEDBACK_SAMPLES);
        Plan plan = c.feedback(LAX);
        List<Tensor> noise = noise(c, seed);
        try (Engine engine = forwarded(backend, c, plan)) {
            LoopResult result = engine.run(plan.loops().getFirst(), new Noise.Recorded(noise));
            Assumptions.assumeTrue(result.fallbackSamples() == 0, "simulated");
            ApicalNoise sigma = c.noise();
            double[][] expected =
                    new ReducedOrderOracle(c).feedback(noise, sigma.hidden(), sigma.output());
            double[][] found =
                    result.unclippedFeedback().stream()
                            .map(Tensor::toDoubles)
                            .toArray(double[][]::new);
            requireWithin(worst(found, expected), backend.computeType(), "feedback of " + c);
        }
    }

    private static Engine forwarded(Backend backend, LoopCase c, Plan plan) {
        Engine engine = CompiledPlan.of(backend, plan);
        engine.load(new EngineState(c.parameters()));
        engine.forward(c.minibatch());
        return engine;
    }

    private static List<Tensor> noise(LoopCase c, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int steps = c.dynamics().steps();
        List<Tensor> layers = new ArrayList<>();
        for (int i = 0; i < c.network().depth(); i++) {
            double[] xi = new double[steps * FEEDBACK_SAMPLES * c.network().size(i)];
            for (int n = 0; n < xi.length; n++) {
                xi[n] = random.nextGaussian();
            }
            layers.add(Tensor.wrap(xi, steps, FEEDBACK_SAMPLES, c.network().size(i)));
        }
        return layers;
    }

    private static void requireWithin(double error, ElementType type, String what) {
        double allowed = type == ElementType.F32 ? TOLERANCE_F32 : TOLERANCE_F64;
        Assertions.assertTrue(
                error <= allowed,
                () -> what + ": the worst layer is off by " + error + ", allowed " + allowed);
    }

    /** Per layer, weights, then biases. */
    private static double[][] layers(Parameters gradients) {
        double[][] layers = new double[gradients.weights().size()][];
        for (int i = 0; i < layers.length; i++) {
            double[] w = gradients.weights().get(i).toDoubles();
            double[] b =
                    gradients.biases().isEmpty()
                            ? new double[0]
                            : gradients.biases().get(i).toDoubles();
            layers[i] = new double[w.length + b.length];
            System.arraycopy(w, 0, layers[i], 0, w.length);
            System.arraycopy(b, 0, layers[i], w.length, b.length);
        }
        return layers;
    }

    private static double worst(double[][] found, double[][] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Matrices.norm(Matrices.minus(found[i], expected[i]));
            double error = difference == 0 ? 0 : difference / Matrices.norm(expected[i]);
            // Math.max keeps a NaN.
            worst = Math.max(worst, error);
        }
        return worst;
    }
}
