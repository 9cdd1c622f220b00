package io.dfc.tornado.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Convergence;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Which minibatches are simulated, over random networks: some but not all, all of a minibatch or
 * none, to the bits of a plan that asks for simulation; and who is left out is not touched by it.
 */
class OutputSpaceDecisionsTest {
    private static final int CASES = 40;
    private static final int SAMPLES = 9;
    private static final double TOLERANCE = 1e-2;

    private static Backend tornado;

    /** What came of a loop. */
    private record Outcome(
            int fallbackSamples, double estimate, boolean[] converged, List<double[]> gradients) {}

    @BeforeAll
    static void open() {
        TestBackends.requireDevice();
        tornado =
                Backends.discover()
                        .select("tornado", BackendOptions.defaults(), List.of())
                        .backend();
    }

    @AfterAll
    static void close() {
        if (tornado != null) {
            tornado.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ForwardPlasticity.Mode.class,
            names = {"CONTINUOUS", "LAST_STATE"})
    void loopsWithoutNoiseAreSimulatedWhereTheyMissTheTolerance(ForwardPlasticity.Mode mode) {
        requireSoundDecisions(SAMPLES, (c, solver) -> judging(c, solver, mode));
    }

    @Test
    void noisyLoopsAreSimulatedWhereTheyMissTheTolerance() {
        requireSoundDecisions(2 * OutputSpace.CHECKED_SAMPLES + 5, LoopCase::feedback);
    }

    @Test
    void aLoopThatTeachesAllParametersIsSimulated() {
        LoopCase c = LoopCase.draw(1, 2 * OutputSpace.CHECKED_SAMPLES + 5);
        Noise noise = new Noise.Generated(1, 3);
        Outcome found =
                run(c, c.mixed(new Solver.Auto(), ForwardPlasticity.Mode.CONTINUOUS), noise);
        Outcome exact =
                run(c, c.mixed(new Solver.Euler(), ForwardPlasticity.Mode.CONTINUOUS), noise);
        assertThat(found.fallbackSamples()).isEqualTo(c.minibatch().samples());
        assertThat(found.gradients()).hasSize((c.network().bias() ? 3 : 2) * c.network().depth());
        requireSameBits(found, exact, "both kinds of plasticity");
    }

    @Test
    void aLoopWithoutPlasticityLeavesTheParametersAlone() {
        LoopCase c = LoopCase.draw(1, SAMPLES);
        Plan plan =
                with(c, new Solver.Auto(TOLERANCE), Convergence.includingAll(), new Plasticity[0]);
        try (Engine engine = compile(plan, c)) {
            double before = engine.largestParameter(0);
            double[] weights = engine.snapshot().parameters().weights().getFirst().toDoubles();
            assertThat(engine.run(plan.loops().getFirst(), Noise.none()).fallbackSamples())
                    .isZero();
            assertThat(engine.snapshot().parameters().weights().getFirst().toDoubles())
                    .containsExactly(weights);
            assertThat(engine.largestParameter(0)).isEqualTo(before);
        }
    }

    private static void requireSoundDecisions(
            int samples, BiFunction<LoopCase, Solver, Plan> planOf) {
        int inOutputSpace = 0;
        for (int seed = 0; seed < CASES; seed++) {
            LoopCase c = LoopCase.draw(seed, samples);
            // Recorded noise comes in pieces.
            Noise noise = seed % 2 == 0 ? new Noise.Generated(seed, 3) : recorded(c, seed);
            Plan plan = planOf.apply(c, new Solver.Auto(TOLERANCE));
            Outcome found = run(c, plan, noise);
            Outcome exact = run(c, planOf.apply(c, new Solver.Euler()), noise);
            if (!plan.loops().getFirst().phase().convergence().includeAll()) {
                assertThat(found.converged()).as("case " + seed).isEqualTo(exact.converged());
            }
            if (found.fallbackSamples() == 0) {
                inOutputSpace++;
                // Nothing of the error is left where the network is linear.
                assertThat(found.estimate()).as("case " + seed).isBetween(0.0, TOLERANCE);
            } else {
                assertThat(found.fallbackSamples()).as("case " + seed).isEqualTo(samples);
                assertThat(found.estimate()).as("case " + seed).isZero();
                requireSameBits(found, exact, "case " + seed);
            }
        }
        assertThat(inOutputSpace).isBetween(CASES / 4, CASES - 1);
    }

    private static void requireSameBits(Outcome found, Outcome exact, String what) {
        for (int t = 0; t < exact.gradients().size(); t++) {
            assertThat(found.gradients().get(t)).as(what).isEqualTo(exact.gradients().get(t));
        }
    }

    /** A loop in which every sample takes part, or only those that converge. */
    private static Plan judging(LoopCase c, Solver solver, ForwardPlasticity.Mode mode) {
        boolean everyone = c.network().depth() % 2 == 0;
        Plasticity[] plasticities =
                c.control(solver, mode)
                        .loops()
                        .getFirst()
                        .phase()
                        .plasticities()
                        .toArray(Plasticity[]::new);
        return with(c, solver, new Convergence(0.97, everyone), plasticities);
    }

    /** The case's loop without noise, with other samples and plasticities. */
    private static Plan with(
            LoopCase c, Solver solver, Convergence convergence, Plasticity... plasticities) {
        Plan of = c.control(solver, ForwardPlasticity.Mode.CONTINUOUS);
        LoopPhase phase = of.loops().getFirst().phase();
        Plan.Builder builder = Plan.builder(of.network(), of.loss(), of.maxBatch());
        builder.loop(
                "control",
                new LoopPhase(
                                builder.feedbackWeights(),
                                phase.target(),
                                phase.controller(),
                                phase.dynamics(),
                                plasticities)
                        .withSolver(solver)
                        .withConvergence(convergence));
        return builder.build();
    }

    private static Outcome run(LoopCase c, Plan plan, Noise noise) {
        LoopHandle loop = plan.loops().getFirst();
        try (Engine engine = compile(plan, c)) {
            LoopResult result = engine.run(loop, noise);
            List<double[]> gradients =
                    loop.gradients().stream()
                            .flatMap(g -> result.gradient(g).groups().values().stream())
                            .flatMap(List::stream)
                            .map(Tensor::toDoubles)
                            .toList();
            return new Outcome(
                    result.fallbackSamples(),
                    result.errorEstimate(),
                    result.convergedSamples(),
                    gradients);
        }
    }

    private static Noise recorded(LoopCase c, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> layers = new ArrayList<>();
        for (int i = 0; i < c.network().depth(); i++) {
            int steps = c.dynamics().steps();
            int samples = c.minibatch().samples();
            int n = c.network().size(i);
            double[] numbers = new double[steps * samples * n];
            Arrays.setAll(numbers, k -> random.nextGaussian());
            layers.add(Tensor.wrap(numbers, steps, samples, n));
        }
        return new Noise.Recorded(layers);
    }

    private static Engine compile(Plan plan, LoopCase c) {
        Engine engine = tornado.compile(plan);
        engine.load(new EngineState(c.parameters()));
        engine.forward(c.minibatch());
        return engine;
    }
}
