package io.dfc.bench.jmh;

/**
 * A pool of threads, the caller's included, that run the shares of one job, again and again. They
 * wait for each other without sleeping, as the threads of the BLAS libraries do, so that jobs of a
 * few microseconds are worth sharing.
 */
final class WorkerPool implements AutoCloseable {
    private static final int CLOSED = -1;
    private static final int SPINS_BEFORE_YIELD = 1000;

    /** A thread's share of the job. */
    interface Job {
        /**
         * Runs the share.
         *
         * @param thread number of the thread
         * @param threads how many there are
         */
        void run(int thread, int threads);
    }

    private final int threads;
    private final Job job;
    private final Helper[] helpers;
    private volatile int round;

    WorkerPool(int threads, Job job) {
        this.threads = threads;
        this.job = job;
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].start();
        }
    }

    private final class Helper extends Thread {
        private final int number;
        private volatile int finished;

        Helper(int number) {
            super("benchmark-helper-" + number);
            this.number = number;
            setDaemon(true);
        }

        @Override
        public void run() {
            int last = 0;
            while (true) {
                int next = round;
                for (int turns = 0; next == last; turns++) {
                    pause(turns);
                    next = round;
                }
                if (next == CLOSED) {
                    return;
                }
                job.run(number, threads);
                last = next;
                finished = next;
            }
        }
    }

    /** Does the job once. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // The caller alone writes it.
    void run() {
        int next = round + 1 & Integer.MAX_VALUE;
        round = next;
        job.run(0, threads);
        for (Helper helper : helpers) {
            for (int turns = 0; helper.finished != next; turns++) {
                pause(turns);
            }
        }
    }

    /** Yields after a number of spins, for another thread may need this core. */
    @SuppressWarnings("ThreadPriorityCheck") // It helps the speed and nothing depends on it.
    private static void pause(int turns) {
        if (turns < SPINS_BEFORE_YIELD) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        round = CLOSED;
    }
}
