package io.dfc.api.testkit.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class StabilityTest {
    /** With few outputs, and with so many that no backend forms their matrices. */
    static Stream<Shapes> shapes() {
        return Stream.of(Shapes.smooth().get(2), Shapes.wide());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void anUnstableSteadyStateIsSimulatedAndAStableOneIsNot(Shapes shape) {
        Scenario unstable = Scenarios.unstable(shape, Precision.FULL);
        int samples = unstable.minibatches().getFirst().samples();
        assertThat(simulated(unstable)).isEqualTo(samples);
        Scenario stable = unstable.withParameters(shape.parameters());
        assertThat(simulated(stable)).isZero();
    }

    private static int simulated(Scenario scenario) {
        try (Backend backend =
                        Backends.discover()
                                .select("reference", BackendOptions.defaults(), List.of())
                                .backend();
                Engine engine = backend.compile(scenario.plan())) {
            engine.load(new EngineState(scenario.parameters()));
            engine.forward(scenario.minibatches().getFirst());
            return engine.run(scenario.plan().loops().getFirst(), Noise.none()).fallbackSamples();
        }
    }
}
