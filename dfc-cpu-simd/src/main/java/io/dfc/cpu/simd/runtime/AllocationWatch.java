package io.dfc.cpu.simd.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Warns once when a phase allocates in every call though it has long been warm: the compiler has
 * then turned vectors into objects, which costs speed. Measures the calling thread, which executes
 * tasks of every phase. Used by one thread at a time.
 */
public final class AllocationWatch {
    /** Time after which the compiler has done all that it will do. */
    static final long WARM_NANOS = 30_000_000_000L;

    /** Calls in a row that have all allocated. */
    static final int CALLS = 50;

    private final LongSupplier bytes;
    private final LongSupplier clock;
    private final Logger logger;
    private final List<String> phases;
    private final long[] began;
    private final int[] calls;
    private final long[] least;
    private long before;
    private boolean silent;

    /**
     * A watch.
     *
     * @param phases names of the phases that are told apart
     * @param bytes how much the current thread has allocated so far; negative if unknown
     * @param clock nanoseconds
     */
    AllocationWatch(List<String> phases, LongSupplier bytes, LongSupplier clock, Logger logger) {
        this.phases = phases;
        began = new long[phases.size()];
        calls = new int[began.length];
        least = new long[began.length];
        this.bytes = bytes;
        this.clock = clock;
        this.logger = logger;
        silent = bytes.getAsLong() < 0;
        Arrays.fill(least, Long.MAX_VALUE);
    }

    /** A watch on this virtual machine. */
    public static AllocationWatch ofThisMachine(List<String> phases) {
        return new AllocationWatch(
                phases,
                ThreadAllocation.meter(),
                System::nanoTime,
                System.getLogger(AllocationWatch.class.getPackageName()));
    }

    /** Before a phase. */
    public void begin() {
        if (!silent) {
            before = bytes.getAsLong();
        }
    }

    /**
     * After it.
     *
     * @param of its place among the names
     */
    public void end(int of) {
        if (silent) {
            return;
        }
        long allocated = bytes.getAsLong() - before;
        long now = clock.getAsLong();
        if (began[of] == 0) {
            began[of] = now;
        }
        if (allocated <= 0 || now - began[of] < WARM_NANOS) {
            calls[of] = 0;
            least[of] = Long.MAX_VALUE;
            return;
        }
        least[of] = Math.min(least[of], allocated);
        if (++calls[of] == CALLS) {
            silent = true;
            logger.log(
                    Level.WARNING,
                    "{0} phase: every call allocates at least {1} bytes though it has been warm for"
                            + " {2} s, so the compiler has made objects of vectors and the phase is"
                            + " slower than it could be; a new process is likely to do better",
                    phases.get(of),
                    least[of],
                    (now - began[of]) / 1_000_000_000L);
        }
    }
}
