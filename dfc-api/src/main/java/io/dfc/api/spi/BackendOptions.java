package io.dfc.api.spi;

import io.dfc.api.error.BadConfigurationException;

/**
 * Options for opening a backend.
 *
 * @param threads number of threads, at least 1; 0 means all cores available to the process. Results
 *     do not depend on it.
 */
public record BackendOptions(int threads) {
    /** Upper bound on the number of threads. */
    public static final int MAX_THREADS = 1024;

    /** Checks the range. */
    public BackendOptions {
        if (threads < 0 || threads > MAX_THREADS) {
            throw new BadConfigurationException(
                    "threads",
                    "must lie in [0, " + MAX_THREADS + "] (0: all cores), got " + threads);
        }
    }

    /** {@return options that leave everything to the backend} */
    public static BackendOptions defaults() {
        return new BackendOptions(0);
    }

    /** {@return the number of threads with 0 resolved to the cores available to the process} */
    public int effectiveThreads() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
