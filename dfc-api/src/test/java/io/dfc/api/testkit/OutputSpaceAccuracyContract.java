package io.dfc.api.testkit;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Specification;
import io.dfc.api.testkit.scenario.LoopCase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;

/**
 * The true error of a reduced-order {@link Solver.Auto} against the reference's exact simulation,
 * over networks, nudges, horizons, controllers and feedback weights drawn at random; for backends
 * that have one. {@link BackendContract} asks the same of fewer cases.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OutputSpaceAccuracyContract {
    /** So lax that the reduced-order loop is taken wherever it has an estimate at all. */
    private static final Solver LAX = new Solver.Auto(0.9);

    private static final int CASES = 400;
    private static final int FEEDBACK_CASES = 300;

    /** Errors of that size are the type's, and no estimate speaks of them. */
    private static final double ROUNDING_F32 = 1e-4;

    private static final double ROUNDING_F64 = 1e-11;

    private Backend opened;

    /** For subclasses. */
    protected OutputSpaceAccuracyContract() {}

    /** {@return the name of the backend} */
    protected abstract String backend();

    /** An estimate and what it should bound. */
    private record Outcome(long seed, double nudge, double estimate, double error) {}

    @BeforeAll
    void open() {
        opened =
                Backends.discover()
                        .select(backend(), BackendOptions.defaults(), List.of())
                        .backend();
    }

    @AfterAll
    void close() {
        opened.close();
    }

    @Test
    void theEstimateBoundsTheErrorOfUpdatesOverTime() {
        theEstimateBoundsTheErrorOf(ForwardPlasticity.Mode.CONTINUOUS);
    }

    @Test
    void theEstimateBoundsTheErrorOfUpdatesFromTheLastState() {
        theEstimateBoundsTheErrorOf(ForwardPlasticity.Mode.LAST_STATE);
    }

    private void theEstimateBoundsTheErrorOf(ForwardPlasticity.Mode mode) {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = 0; seed < CASES; seed++) {
            LoopCase c = LoopCase.draw(seed, 5);
            try (Engine auto = engine(opened, c, c.control(LAX, mode))) {
                LoopResult found = run(auto, Noise.none());
                if (found.fallbackSamples() > 0) {
                    continue;
                }
                double error = worst(weights(auto, found), simulated(c, mode));
                outcomes.add(new Outcome(seed, c.nudge(), found.errorEstimate(), error));
            }
        }
        requireSound(outcomes, 300);
        requireMedian(outcomes, 5e-5);
    }

    private static List<Tensor> simulated(LoopCase c, ForwardPlasticity.Mode mode) {
        Plan plan = c.control(new Solver.Euler(), mode);
        try (Engine euler = engine(Specification.backend(), c, plan)) {
            return weights(euler, run(euler, Noise.none()));
        }
    }

    @Test
    void theEstimateBoundsTheErrorOfFeedbackUpdates() {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = 0; seed < FEEDBACK_CASES; seed++) {
            LoopCase c = LoopCase.draw(seed, 40);
            Noise noise = new Noise.Generated(seed, 3);
            try (Engine auto = engine(opened, c, c.feedback(LAX))) {
                LoopResult found = run(auto, noise);
                if (found.fallbackSamples() > 0) {
                    continue;
                }
                double error = worst(found.unclippedFeedback(), simulated(c, noise));
                outcomes.add(new Outcome(seed, c.nudge(), found.errorEstimate(), error));
            }
        }
        requireSound(outcomes, 150);
        requireMedian(outcomes, 1e-3);
    }

    private static List<Tensor> simulated(LoopCase c, Noise noise) {
        Plan plan = c.feedback(new Solver.Euler());
        try (Engine euler = engine(Specification.backend(), c, plan)) {
            return run(euler, noise).unclippedFeedback();
        }
    }

    private static LoopResult run(Engine engine, Noise noise) {
        return engine.run(engine.plan().loops().getFirst(), noise);
    }

    private static List<Tensor> weights(Engine engine, LoopResult result) {
        LoopHandle loop = engine.plan().loops().getFirst();
        return result.gradient(loop.gradients().getFirst()).weights();
    }

    private static Engine engine(Backend backend, LoopCase c, Plan plan) {
        Engine engine = backend.compile(plan);
        engine.load(new EngineState(c.parameters()));
        engine.forward(c.minibatch());
        return engine;
    }

    /** The estimate is too small in at most 1 % of the cases, and never by a factor of two. */
    private void requireSound(List<Outcome> outcomes, int atLeast) {
        double rounding = opened.computeType() == ElementType.F32 ? ROUNDING_F32 : ROUNDING_F64;
        List<Outcome> low =
                outcomes.stream().filter(o -> o.estimate() + rounding < o.error()).toList();
        Assertions.assertTrue(
                outcomes.size() > atLeast, () -> outcomes.size() + " were not simulated");
        Assertions.assertTrue(low.size() <= outcomes.size() / 100, () -> "too small: " + low);
        List<Outcome> far =
                low.stream().filter(o -> 2 * o.estimate() + rounding < o.error()).toList();
        Assertions.assertEquals(List.of(), far, "too small by a factor of two");
    }

    private static void requireMedian(List<Outcome> outcomes, double bound) {
        double median = median(outcomes.stream().filter(o -> o.nudge() < 1e-3).toList());
        Assertions.assertTrue(median < bound, () -> "median error of faint nudges: " + median);
    }

    private static double median(List<Outcome> outcomes) {
        double[] errors = outcomes.stream().mapToDouble(Outcome::error).sorted().toArray();
        return errors[errors.length / 2];
    }

    private static double worst(List<Tensor> found, List<Tensor> exact) {
        double worst = 0;
        for (int i = 0; i < found.size(); i++) {
            double difference = 0;
            double norm = 0;
            for (int k = 0; k < found.get(i).size(); k++) {
                double d = found.get(i).get(k) - exact.get(i).get(k);
                difference += d * d;
                norm += exact.get(i).get(k) * exact.get(i).get(k);
            }
            worst = Math.max(worst, Math.sqrt(difference / norm));
        }
        return worst;
    }
}
