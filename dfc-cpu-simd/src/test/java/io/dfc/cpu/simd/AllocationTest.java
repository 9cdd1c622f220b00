package io.dfc.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** No phase allocates once it is warm, on the caller's thread or on a helper's. */
class AllocationTest {
    private static final int CALLS = 20;

    /** Rounds in a row that must allocate nothing; the compiler may be at work in earlier ones. */
    private static final int SILENT_ROUNDS = 5;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Keeps the results in use. */
    private double sink;

    static Stream<Arguments> cases() {
        return AllocationCases.all().stream()
                .flatMap(c -> Stream.of(1, 2).map(threads -> Arguments.of(c, threads)));
    }

    @ParameterizedTest(name = "{0}, threads: {1}")
    @MethodSource("cases")
    void nothingIsAllocatedOnceWarm(AllocationCases.Case tested, int threads) {
        Set<Thread> others = helpers();
        try (Backend backend = new SimdBackend("cpu-simd", new Device("cpu", ""), threads);
                Engine engine = backend.compile(tested.plan())) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    tested.plan().network(),
                                    Initialization.XAVIER_NORMAL,
                                    new FeedbackInitialization.WeightProduct(0.05),
                                    1)));
            engine.forward(tested.minibatch());
            sink += tested.call().applyAsDouble(engine);
            // Those of a backend closed before may still be about to end.
            Set<Thread> own = helpers();
            own.removeAll(others);
            assertThat(own).hasSize(threads - 1);
            own.add(Thread.currentThread());
            long[] ids = own.stream().mapToLong(Thread::threadId).toArray();
            assertThat(bytesPerCall(tested, engine, ids)).as("bytes per call").isZero();
        }
    }

    private static Set<Thread> helpers() {
        Set<Thread> helpers = new HashSet<>(Thread.getAllStackTraces().keySet());
        helpers.removeIf(thread -> !thread.getName().equals("dfc-cpu-simd"));
        return helpers;
    }

    /**
     * Bytes allocated in the round of calls that allocated least, as soon as there is nothing left
     * that could be less.
     */
    private long bytesPerCall(AllocationCases.Case tested, Engine engine, long[] threads) {
        long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        int silent = 0;
        while (silent < SILENT_ROUNDS && System.nanoTime() - start < PATIENCE_NANOS) {
            long before = allocated(threads);
            for (int i = 0; i < CALLS; i++) {
                sink += tested.call().applyAsDouble(engine);
            }
            long bytes = allocated(threads) - before;
            silent = bytes == 0 ? silent + 1 : 0;
            least = Math.min(least, bytes);
        }
        return (least + CALLS - 1) / CALLS;
    }

    private static long allocated(long[] threads) {
        long sum = 0;
        for (long id : threads) {
            sum += THREADS.getThreadAllocatedBytes(id);
        }
        return sum;
    }
}
