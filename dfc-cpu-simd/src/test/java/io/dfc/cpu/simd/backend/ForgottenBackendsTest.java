package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;

/** Threads of backends that nobody closes. */
@Timeout(60)
class ForgottenBackendsTest {
    private static final int THREADS = 4;
    private static final Plan PLAN =
            Plan.evaluation(Network.of(new Activation.Tanh(), 2, 3, 2), Loss.MEAN_SQUARED_ERROR, 2);
    private static final Tensor INPUTS = Tensor.wrap(new float[] {1, 2, 3, 4}, 2, 2);

    private static Backend open() {
        return new SimdBackend("cpu-simd", new Device("cpu", ""), THREADS);
    }

    private static long helpers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dfc-cpu-simd"))
                .count();
    }

    private static void collectUntilThereAre(long helpers) throws InterruptedException {
        while (helpers() > helpers) {
            System.gc();
            Thread.sleep(10);
        }
    }

    private static void forget(int backends) {
        List<Backend> open = new ArrayList<>();
        for (int i = 0; i < backends; i++) {
            Backend backend = open();
            backend.compile(PLAN).infer(INPUTS);
            open.add(backend);
        }
        assertThat(helpers()).isGreaterThanOrEqualTo((long) backends * (THREADS - 1));
        assertThat(open).hasSize(backends);
    }

    @Test
    void twoHundredLeaveNoThreads() throws InterruptedException {
        long before = helpers();
        forget(200);
        collectUntilThereAre(before);
        assertThat(helpers()).isLessThanOrEqualTo(before);
    }

    @Test
    void anEngineInUseKeepsTheThreadsOfABackendThatNobodyRefersTo() throws InterruptedException {
        long before = helpers();
        Engine engine = open().compile(PLAN);
        forget(1);
        // The other backend is collected, and this one was forgotten before it.
        collectUntilThereAre(before + THREADS - 1);
        assertThat(helpers()).isEqualTo(before + THREADS - 1);
        assertThat(engine.infer(INPUTS).samples()).isEqualTo(2);
        engine.close();
        engine = null;
        collectUntilThereAre(before);
    }
}
