package io.dfc.tornado.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.MisuseException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TornadoBackendProvider;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A second thread at an engine whose kernels run. The test kit holds an engine up with a controller
 * of a user's, which no kernel can run.
 */
class SecondThreadTest {
    /** Half a second at the device, and the first time what the kernels take to compile. */
    private static Plan plan() {
        Network network = Network.of(new Activation.Tanh(), 8, 64, 2);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, 4);
        builder.loop(
                "control",
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(0.1),
                        new ProportionalIntegralController(2, 0.01),
                        new Dynamics(0.05, 50_000, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.LAST_STATE, DfcRule.NONLINEAR_DIFFERENCE)));
        return builder.build();
    }

    private static Minibatch minibatch() {
        return new Minibatch(Tensor.wrap(new double[8], 1, 8), new Targets.Labels(new int[] {1}));
    }

    @Test
    void isRefusedAndTheFirstGoesOn() throws Exception {
        if (!(new TornadoBackendProvider().probe()
                instanceof Availability.Available(var devices))) {
            Assumptions.abort("TornadoVM has no device");
            return;
        }
        Plan plan = plan();
        LoopHandle loop = plan.loops().getFirst();
        try (Backend backend =
                        new TornadoBackendProvider()
                                .open(devices.getFirst(), BackendOptions.defaults());
                Engine engine = backend.compile(plan);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            double loss = engine.forward(minibatch()).loss();
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Throwable> run =
                    () -> {
                        start.await();
                        return catchThrowable(() -> engine.run(loop, Noise.none()));
                    };
            List<Throwable> failures = new ArrayList<>();
            for (Future<Throwable> call : threads.invokeAll(List.of(run, run))) {
                failures.add(call.get());
            }

            assertThat(failures)
                    .filteredOn(Objects::nonNull)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            MisuseException.class,
                            e -> assertThat(e).hasMessageContaining("in use by another thread"));
            assertThat(engine.forward(minibatch()).loss()).isEqualTo(loss);
        }
    }
}
