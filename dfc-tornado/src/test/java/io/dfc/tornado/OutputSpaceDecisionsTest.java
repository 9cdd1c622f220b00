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
import io.dfc.api.spi.Plan;
import io.dfc.api.testkit.LoopCase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

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
    void decisionsAreThoseOfTheReference(Update.Mode mode) {
        int inOutputSpace = 0;
        for (int seed = 0; seed < CASES; seed++) {
            LoopCase c = LoopCase.draw(seed, SAMPLES);
            Plan plan = plan(c, mode, seed % 2 == 0);
            Decision expected = decide(reference, plan, c);
            Decision found = decide(tornado, plan, c);
            assertThat(found.simulated()).as("case " + seed).isEqualTo(expected.simulated());
            assertThat(found.estimate())
                    .as("estimate of case " + seed)
                    .isCloseTo(expected.estimate(), within(0.02 * expected.estimate() + ROUNDING));
            assertThat(found.converged()).as("case " + seed).isEqualTo(expected.converged());
            inOutputSpace += found.simulated() == 0 ? 1 : 0;
        }
        assertThat(inOutputSpace).isBetween(CASES / 4, CASES - 1);
    }

    /** The plan of a case, in which every sample takes part or only those that converge. */
    private static Plan plan(LoopCase c, Update.Mode mode, boolean everyone) {
        Plan plan = c.control(SOLVER, mode);
        ControlPhase phase = plan.control().orElseThrow();
        return plan.withControl(
                new ControlPhase(
                        phase.target(),
                        phase.controller(),
                        phase.dynamics(),
                        phase.solver(),
                        new Convergence(0.97, everyone),
                        phase.noise(),
                        phase.updates(),
                        phase.recording()));
    }

    private static Decision decide(Backend backend, Plan plan, LoopCase c) {
        try (Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(c.parameters()));
            engine.forward(c.minibatch());
            ControlPass pass = engine.control(Noise.none());
            return new Decision(pass.simulated(), pass.errorEstimate(), pass.convergedSamples());
        }
    }
}
