package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.Update;
import io.dfc.api.noise.Noise;
import io.dfc.api.reference.ReferenceBackendProvider;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.LoopCase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

/**
 * The true error of the output-space solver against exact Euler simulation in float64, over
 * networks, nudges, horizons, controllers and feedback weights drawn at random.
 */
class OutputSpaceAccuracyTest {
    /** So lax that the small loop is taken wherever it has an estimate at all. */
    private static final Solver LAX = new Solver.Auto(0.9);

    private static Backend backend;

    /** An estimate and what it should bound. */
    private record Outcome(long seed, double nudge, double estimate, double error) {
        double quality() {
            return error < 1e-11 ? Double.POSITIVE_INFINITY : estimate / error;
        }
    }

    @BeforeAll
    static void open() {
        BackendProvider provider = new ReferenceBackendProvider();
        Device device = ((io.dfc.api.spi.Availability.Available) provider.probe()).devices().get(0);
        backend = provider.open(device, BackendOptions.defaults());
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Update.Mode.class,
            names = {"CONTINUOUS", "LAST_STATE"})
    void theEstimateBoundsTheErrorOfControlUpdates(Update.Mode mode) {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = 0; seed < 400; seed++) {
            LoopCase c = LoopCase.draw(seed, 5);
            try (Engine auto = engine(c, c.control(LAX, mode));
                    Engine euler = engine(c, c.control(new Solver.Euler(), mode))) {
                ControlPass found = auto.control(Noise.none());
                if (found.simulated() > 0) {
                    continue;
                }
                ControlPass exact = euler.control(Noise.none());
                double error = worst(found.gradients(0).weights(), exact.gradients(0).weights());
                outcomes.add(new Outcome(seed, c.nudge(), found.errorEstimate(), error));
            }
        }
        requireSound(outcomes, 300);
        assertThat(median(outcomes.stream().filter(o -> o.nudge() < 1e-3).toList()))
                .isLessThan(5e-5);
    }

    @Test
    void theEstimateBoundsTheErrorOfFeedbackUpdates() {
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed = 0; seed < 300; seed++) {
            LoopCase c = LoopCase.draw(seed, 40);
            try (Engine auto = engine(c, c.feedback(LAX));
                    Engine euler = engine(c, c.feedback(new Solver.Euler()))) {
                Noise noise = new Noise.Generated(seed, 3);
                FeedbackPass found = auto.feedback(noise);
                if (found.simulated() > 0) {
                    continue;
                }
                double error = worst(found.gradients(), euler.feedback(noise).gradients());
                outcomes.add(new Outcome(seed, c.nudge(), found.errorEstimate(), error));
            }
        }
        requireSound(outcomes, 150);
        assertThat(median(outcomes.stream().filter(o -> o.nudge() < 1e-3).toList()))
                .isLessThan(1e-3);
    }

    private static Engine engine(LoopCase c, io.dfc.api.spi.Plan plan) {
        Engine engine = backend.compile(plan);
        engine.load(new EngineState(c.parameters()));
        engine.forward(c.minibatch());
        return engine;
    }

    /** The estimate is too small in at most 1 % of the cases, and never by a factor of two. */
    private static void requireSound(List<Outcome> outcomes, int atLeast) {
        List<Outcome> low = outcomes.stream().filter(o -> o.quality() < 1).toList();
        assertThat(outcomes).hasSizeGreaterThan(atLeast);

        assertThat(low).as("too small").hasSizeLessThanOrEqualTo(outcomes.size() / 100);
        assertThat(low).as("by a factor of two").noneMatch(o -> o.quality() < 0.5);
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
