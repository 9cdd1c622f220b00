package io.dfc.cpu.simd.backend;

import com.sun.management.ThreadMXBean;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs the phases of {@link AllocationCases} one after the other in a process of its own, as a
 * program would, and prints those that go on allocating. Each case ends as soon as it is decided.
 */
final class AllocationProbe {
    /** What the last line of the output begins with. */
    static final String DONE = "cases done: ";

    /** What lines about phases that allocate begin with. */
    static final String FAULT = "allocates: ";

    private static final int CALLS = 10;

    /** Rounds in a row that must allocate nothing; the compiler may be at work in earlier ones. */
    private static final int SILENT_ROUNDS = 3;

    /** Time without a compilation after which nothing will change, long ones included. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(40);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private final int threads;

    /** Keeps the results in use. */
    private double sink;

    private AllocationProbe(int threads) {
        this.threads = threads;
    }

    /**
     * Runs the probe.
     *
     * @param arguments number of threads; {@code quiet} to leave out feedback phases, noise and
     *     users' code, whose objects other than vectors are spared by the profile of types alone
     */
    public static void main(String[] arguments) {
        AllocationProbe probe = new AllocationProbe(Integer.parseInt(arguments[0]));
        boolean quiet = List.of(arguments).contains("quiet");
        int done = 0;
        for (AllocationCases.Case tested : AllocationCases.all()) {
            if (quiet && tested.hasOtherObjects()) {
                continue;
            }
            long bytes = probe.bytesPerCall(tested);
            if (bytes > 0) {
                System.out.println(FAULT + bytes + " bytes per call in " + tested);
            }
            done++;
        }
        System.out.println(DONE + done + (Double.isNaN(probe.sink) ? " (undefined)" : ""));
    }

    private long bytesPerCall(AllocationCases.Case tested) {
        Set<Thread> others = helpers();
        try (Backend backend = new SimdBackend("cpu-simd", new Device("cpu", ""), threads);
                Engine engine = backend.compile(tested.plan())) {
            engine.load(new EngineState(ProgramAllocationCases.parameters(tested.plan())));
            engine.forward(tested.minibatch());
            sink += tested.call().applyAsDouble(engine);
            // Those of a backend closed before may still be about to end.
            Set<Thread> own = helpers();
            own.removeAll(others);
            if (own.size() != threads - 1) {
                throw new IllegalStateException(own.size() + " helpers, not " + (threads - 1));
            }
            own.add(Thread.currentThread());
            return least(tested, engine, own.stream().mapToLong(Thread::threadId).toArray());
        }
    }

    /** Bytes per call of the round that allocated least, as soon as that is decided. */
    private long least(AllocationCases.Case tested, Engine engine, long[] ids) {
        long start = System.nanoTime();
        long since = start;
        long compiled = -1;
        long least = Long.MAX_VALUE;
        int silent = 0;
        while (silent < SILENT_ROUNDS) {
            long now = System.nanoTime();
            if (compiled != COMPILER.getTotalCompilationTime()) {
                compiled = COMPILER.getTotalCompilationTime();
                since = now;
            }
            if (now - since > SETTLED_NANOS || now - start > LONGEST_NANOS) {
                break;
            }
            long before = allocated(ids);
            for (int i = 0; i < CALLS; i++) {
                sink += tested.call().applyAsDouble(engine);
            }
            long bytes = allocated(ids) - before;
            silent = bytes == 0 ? silent + 1 : 0;
            least = Math.min(least, bytes);
        }
        return (least + CALLS - 1) / CALLS;
    }

    private static Set<Thread> helpers() {
        Set<Thread> helpers = new HashSet<>(Thread.getAllStackTraces().keySet());
        helpers.removeIf(thread -> !thread.getName().equals("dfc-cpu-simd"));
        return helpers;
    }

    private static long allocated(long[] threads) {
        long sum = 0;
        for (long id : threads) {
            sum += THREADS.getThreadAllocatedBytes(id);
        }
        return sum;
    }
}
