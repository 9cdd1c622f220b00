package io.dfc.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;

import org.junit.jupiter.api.Test;

import java.util.List;

class StabilityTest {
    @Test
    void anUnstableSteadyStateIsSimulatedAndAStableOneIsNot() {
        Scenario unstable = Scenarios.unstable();
        int samples = unstable.minibatches().getFirst().samples();
        assertThat(simulated(unstable)).isEqualTo(samples);
        Scenario stable =
                new Scenario(
                        "stable",
                        unstable.plan(),
                        Shapes.smooth().get(2).parameters(),
                        unstable.minibatches(),
                        unstable.noise());
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
            return engine.control(Noise.none()).simulated();
        }
    }
}
