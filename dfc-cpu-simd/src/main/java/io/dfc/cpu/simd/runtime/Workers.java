package io.dfc.cpu.simd.runtime;

import io.dfc.api.error.BackendFailureException;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A worker pool: a fixed number of threads, the calling one included, that execute numbered tasks.
 * A run allocates nothing and waits for tasks only, never for a helper that has taken none: one
 * that wakes late costs nothing but its help.
 */
public final class Workers implements AutoCloseable {
    private final int threads;
    private final Helper[] helpers;

    /** Whether a caller uses the helpers; another caller meanwhile executes its tasks alone. */
    private final AtomicBoolean engaged = new AtomicBoolean();

    // The current run. Written before its tasks are offered, and not again before all are done.
    private IntConsumer task;
    private int count;

    /**
     * Number of the run in the upper half, so that no thread takes a task of a later run for one of
     * an earlier, and in the lower half how many of its tasks are left to take.
     */
    private final AtomicLong offer = new AtomicLong();

    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** The caller's. */
    private final SpinBackoff spin = new SpinBackoff();

    /** The caller while it sleeps, or is about to. */
    private volatile Thread sleeper;

    private volatile boolean closed;

    public Workers(int threads) {
        this.threads = threads;
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper();
        }
        for (Helper helper : helpers) {
            helper.thread.start();
        }
    }

    public int threads() {
        return threads;
    }

    /**
     * Runs tasks 0 to {@code count - 1}, in any order and on any thread, and returns when all are
     * done. After a failure, which is thrown, tasks not yet begun are left out.
     */
    public void run(int count, IntConsumer task) {
        if (helpers.length == 0 || count <= 1 || !engaged.compareAndSet(false, true)) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        share(count, task);
        Throwable failed = failure.getAndSet(null);
        engaged.set(false);
        if (failed != null) {
            throw failed instanceof RuntimeException e
                    ? e
                    : new BackendFailureException("a worker failed: " + failed, failed);
        }
    }

    private void share(int count, IntConsumer task) {
        this.count = count;
        this.task = task;
        unfinished.set(count);
        long run = (offer.get() >>> Integer.SIZE) + 1;
        offer.set(run << Integer.SIZE | count);
        for (int i = 0; i < Math.min(helpers.length, count - 1); i++) {
            helpers[i].wake();
        }
        while (takeTask()) {
            // Each call does one.
        }
        awaitOthers();
        // What a task refers to may be large, and the next run far off.
        this.task = null;
    }

    private boolean hasOffer() {
        return (int) offer.get() > 0;
    }

    /** Takes a task and does it; false if there was none. */
    private boolean takeTask() {
        long offered = offer.get();
        int left = (int) offered;
        if (left == 0) {
            return false;
        }
        IntConsumer taken = task;
        int index = count - left;
        // Fails if what was read before could belong to another run.
        if (!offer.compareAndSet(offered, offered - 1)) {
            return true;
        }
        try {
            if (failure.get() == null) {
                taken.accept(index);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
        if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(sleeper);
        }
        return true;
    }

    /** The engine's arrays are in use until the last task ends, so interrupts have to wait. */
    private void awaitOthers() {
        spin.begin();
        while (spin.continues()) {
            if (unfinished.get() == 0) {
                spin.succeeded();
                return;
            }
        }
        boolean interrupted = false;
        sleeper = Thread.currentThread();
        while (unfinished.get() > 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        sleeper = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the helpers once they have done what they have taken; later runs are the caller's. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            helper.wake();
        }
    }

    /** A thread that takes tasks whenever there are some. */
    private final class Helper implements Runnable {
        final Thread thread = new Thread(this, "dfc-cpu-simd");
        private final AtomicBoolean asleep = new AtomicBoolean();
        private final SpinBackoff spin = new SpinBackoff();

        Helper() {
            thread.setDaemon(true);
        }

        void wake() {
            if (asleep.compareAndSet(true, false)) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            while (!closed) {
                if (!takeTask()) {
                    awaitOffer();
                }
            }
        }

        /** Spins, then sleeps, until there is a task or may be one. */
        private void awaitOffer() {
            spin.begin();
            while (spin.continues()) {
                if (hasOffer()) {
                    spin.succeeded();
                    return;
                }
            }
            asleep.set(true);
            // A caller that makes an offer after this check finds the helper asleep.
            if (!hasOffer() && !closed) {
                LockSupport.park(Workers.this);
            }
            asleep.set(false);
            // A task may have left one behind, and then no sleep would last.
            Thread.interrupted();
        }
    }

    /**
     * Spin back-off: how long a thread spins before it sleeps. Spinning reacts faster than waking,
     * unless it takes the core from the very thread that it waits for, or the wait is long. So the
     * time doubles after each spin that ended with a task, and halves after each other one. A
     * thread without tasks therefore sleeps after at most {@link #LONGEST_NANOS}.
     */
    private static final class SpinBackoff {
        private static final long SHORTEST_NANOS = 2_000;
        private static final long LONGEST_NANOS = 32_000;

        private long nanos = LONGEST_NANOS;
        private long start;

        void begin() {
            start = System.nanoTime();
        }

        /** False once, at the end. */
        boolean continues() {
            Thread.onSpinWait();
            if (System.nanoTime() - start < nanos) {
                return true;
            }
            nanos = Math.max(SHORTEST_NANOS, nanos / 2);
            return false;
        }

        void succeeded() {
            nanos = Math.min(LONGEST_NANOS, 2 * nanos);
        }
    }
}
