package io.dfc.tornado.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.Devices;
import io.dfc.tornado.backend.TestBackends;
import io.dfc.tornado.backend.TornadoBackend;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.KernelPool;
import io.dfc.tornado.runtime.TilesPerGroup;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

import java.util.List;
import java.util.SplittableRandom;

/** Layers about as wide as what the loop keeps of a layer in local memory. */
class WideLayerTest {
    private static final int SAMPLES = 6;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1, 2", "0, 4", "1, 4"})
    void layersBeyondLocalMemoryGiveTheReferencesGradients(int beyond, int tiles) {
        TestBackends.requireDevice();
        Device device = Devices.list().getFirst();
        int room = TilesPerGroup.on(Devices.find(device), tiles).localFloats(tiles);
        Plan plan = plan(room / TableLayout.TILE / tiles + beyond);
        Tensor expected;
        Tensor actual;
        try (Backend reference = reference();
                Backend tornado = tornado(device, tiles)) {
            expected = gradient(reference, plan);
            actual = gradient(tornado, plan);
        }
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4 * largest));
        }
    }

    private static Backend reference() {
        return Backends.discover()
                .select("reference", BackendOptions.defaults(), List.of())
                .backend();
    }

    private static Backend tornado(Device device, int tiles) {
        TornadoDevice found = Devices.find(device);
        // A GPU puts tiles together even where a layer fits into no group's local memory.
        TilesPerGroup choice = new TilesPerGroup(tiles, 1, 0, false);
        KernelPool pool = new KernelPool(found, 64, choice);
        return new TornadoBackend("tornado", device, pool, 1, () -> "");
    }

    private static Plan plan(int width) {
        Network network = Network.of(new Activation.Tanh(), 4, width, 6, 2);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, SAMPLES);
        builder.loop(
                "control",
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(0.1),
                        new ProportionalIntegralController(2, 0.01),
                        new Dynamics(0.05, 12, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE)));
        return builder.build();
    }

    private static Tensor gradient(Backend backend, Plan plan) {
        SplittableRandom random = new SplittableRandom(plan.network().size(0));
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(random.doubles(4L * SAMPLES).toArray(), SAMPLES, 4),
                        new Targets.Labels(new int[] {0, 1, 1, 0, 0, 1}));
        try (var engine = backend.compile(plan)) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    plan.network(),
                                    Initialization.XAVIER,
                                    new FeedbackInitialization.WeightProduct(0),
                                    1)));
            engine.forward(minibatch);
            LoopHandle loop = plan.loops().getFirst();
            return engine.run(loop, Noise.none())
                    .gradient(loop.gradients().getFirst())
                    .weights()
                    .get(1);
        }
    }
}
