package io.dfc.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.control.Convergence;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Update;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.OutputSpace;
import io.dfc.api.spi.Plan;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.LoopCase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Which minibatches are simulated, over random networks: those that the reference simulates. */
class OutputSpaceDecisionsTest {
    private static final int CASES = 40;
    private static final int SAMPLES = 9;
    private static final Solver SOLVER = new Solver.Auto(1e-2);

    /** What float32 leaves of an estimate that is smaller. */
    private static final double ROUNDING = 6e-6;

    private static Backend reference;
    private static Backend tornado;

    /** What a backend has decided. */
    private record Decision(int simulated, double estimate, boolean[] converged) {}

    @BeforeAll
    static void open() {
        Assumptions.assumeTrue(
                new TornadoBackendProvider().probe() instanceof Availability.Available,
                "TornadoVM has no device");
        reference = select("reference");
        tornado = select("tornado");
    }

    private static Backend select(String name) {
        return Backends.discover().select(name, BackendOptions.defaults(), List.of()).backend();
    }

    @AfterAll
    static void close() {
        if (tornado != null) {
            tornado.close();
            reference.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Update.Mode.class,
            names = {"CONTINUOUS", "LAST_STATE"})
    void controlPhasesAreThoseOfTheReference(Update.Mode mode) {
        requireAgreement((backend, seed) -> control(backend, LoopCase.draw(seed, SAMPLES), mode));
    }

    @Test
    void feedbackPhasesAreThoseOfTheReference() {
        int samples = 2 * OutputSpace.CHECKED_SAMPLES + 5;
        requireAgreement((backend, seed) -> feedback(backend, LoopCase.draw(seed, samples), seed));
    }

    @Test
    void aPhaseWithoutUpdatesLeavesTheParametersAlone() {
        LoopCase c = LoopCase.draw(1, SAMPLES);
        ControlPhase phase = c.control(SOLVER, Update.Mode.CONTINUOUS).control().orElseThrow();
        Plan plan =
                c.control(SOLVER, Update.Mode.CONTINUOUS)
                        .withControl(
                                new ControlPhase(
                                        phase.target(),
                                        phase.controller(),
                                        phase.dynamics(),
                                        phase.solver()));
        try (Engine engine = compile(tornado, plan, c)) {
            double before = engine.largestParameter(0);
            assertThat(engine.control(Noise.none()).simulated()).isZero();
            assertThat(engine.snapshot().parameters().weights().getFirst().toDoubles())
                    .containsExactly(c.parameters().weights().getFirst().toDoubles(), within(1e-6));
            assertThat(engine.largestParameter(0)).isEqualTo(before);
        }
    }

    private static void requireAgreement(BiFunction<Backend, Integer, Decision> decide) {
        int inOutputSpace = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Decision expected = decide.apply(reference, seed);
            Decision found = decide.apply(tornado, seed);
            assertThat(found.simulated()).as("case " + seed).isEqualTo(expected.simulated());
            assertThat(found.estimate())
                    .as("estimate of case " + seed)
                    .isCloseTo(expected.estimate(), within(0.02 * expected.estimate() + ROUNDING));
            assertThat(found.converged()).as("case " + seed).isEqualTo(expected.converged());
            inOutputSpace += found.simulated() == 0 ? 1 : 0;
        }
        assertThat(inOutputSpace).isBetween(CASES / 4, CASES - 1);
    }

    /** A control phase in which every sample takes part, or only those that converge. */
    private static Decision control(Backend backend, LoopCase c, Update.Mode mode) {
        Plan plan = c.control(SOLVER, mode);
        ControlPhase phase = plan.control().orElseThrow();
        boolean everyone = c.network().depth() % 2 == 0;
        Plan judging =
                plan.withControl(
                        new ControlPhase(
                                phase.target(),
                                phase.controller(),
                                phase.dynamics(),
                                phase.solver(),
                                new Convergence(0.97, everyone),
                                phase.noise(),
                                phase.updates(),
                                phase.recording()));
        try (Engine engine = compile(backend, judging, c)) {
            ControlPass pass = engine.control(Noise.none());
            return new Decision(pass.simulated(), pass.errorEstimate(), pass.convergedSamples());
        }
    }

    /** A feedback phase with generated noise, or with recorded noise, which comes in pieces. */
    private static Decision feedback(Backend backend, LoopCase c, int seed) {
        try (Engine engine = compile(backend, c.feedback(SOLVER), c)) {
            FeedbackPass pass =
                    engine.feedback(
                            seed % 2 == 0 ? new Noise.Generated(seed, 3) : recorded(c, seed));
            return new Decision(pass.simulated(), pass.errorEstimate(), new boolean[0]);
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

    private static Engine compile(Backend backend, Plan plan, LoopCase c) {
        Engine engine = backend.compile(plan);
        engine.load(new EngineState(c.parameters()));
        engine.forward(c.minibatch());
        return engine;
    }
}
