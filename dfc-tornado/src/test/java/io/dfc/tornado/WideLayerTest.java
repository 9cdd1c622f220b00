package io.dfc.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.SplittableRandom;

/** Layers about as wide as what the loop keeps of a layer in local memory. */
class WideLayerTest {
    private static final int SAMPLES = 3;

    @ParameterizedTest
    @ValueSource(ints = {Slots.NEAR / Slots.TILE, Slots.NEAR / Slots.TILE + 1, 2 * Slots.NEAR + 3})
    void layersBeyondLocalMemoryGiveTheReferencesGradients(int width) {
        Assumptions.assumeTrue(
                new TornadoBackendProvider().probe() instanceof Availability.Available,
                "TornadoVM has no device");
        Tensor expected = gradient("reference", width);
        Tensor actual = gradient("tornado", width);
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4 * largest));
        }
    }

    private static Tensor gradient(String name, int width) {
        Network network = Network.of(new Activation.Tanh(), 4, width, 6, 2);
        Plan plan =
                Plan.evaluation(network, Loss.CROSS_ENTROPY, SAMPLES)
                        .withControl(
                                new ControlPhase(
                                        new OutputTarget.Nudge(0.1),
                                        new ProportionalIntegralController(2, 0.01),
                                        new Dynamics(0.05, 12, 0.2),
                                        new Solver.Euler(),
                                        new Update(
                                                Update.Mode.CONTINUOUS,
                                                PublishedRule.NONLINEAR_DIFFERENCE)));
        SplittableRandom random = new SplittableRandom(width);
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(random.doubles(4L * SAMPLES).toArray(), SAMPLES, 4),
                        new Targets.Labels(new int[] {0, 1, 1}));
        try (var backend =
                        Backends.discover()
                                .select(name, BackendOptions.defaults(), List.of(plan))
                                .backend();
                var engine = backend.compile(plan)) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    network,
                                    Initialization.XAVIER,
                                    new FeedbackInitialization.WeightProduct(0),
                                    1)));
            engine.forward(minibatch);
            return engine.control(Noise.none()).gradients(0).weights().get(1);
        }
    }
}
