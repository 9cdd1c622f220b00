package io.dfc.cpu.simd;

import io.dfc.api.error.BackendFailureException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A fixed set of threads, the caller's own included, that share out numbered tasks. */
final class Workers implements AutoCloseable {
    private final int threads;
    private final ExecutorService helpers;

    Workers(int threads) {
        this.threads = threads;
        helpers =
                threads == 1
                        ? null
                        : Executors.newFixedThreadPool(
                                threads - 1,
                                task -> {
                                    Thread thread = new Thread(task, "dfc-cpu-simd");
                                    thread.setDaemon(true);
                                    return thread;
                                });
    }

    int threads() {
        return threads;
    }

    /**
     * Runs tasks 0 to {@code count - 1}, in any order and on any thread, and returns when all are
     * done.
     */
    void run(int count, IntConsumer task) {
        if (threads == 1 || count == 1) {
            for (int i = 0; i < count; i++) {
                task.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        Runnable share =
                () -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        task.accept(i);
                    }
                };
        List<Future<?>> shares = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, count) - 1; i++) {
            shares.add(helpers.submit(share));
        }
        RuntimeException failure = null;
        try {
            share.run();
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Future<?> future : shares) {
            failure = await(future, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException await(Future<?> future, RuntimeException failure) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return failure;
                } catch (InterruptedException e) {
                    // The engine's arrays are in use until the task ends, so wait and pass the
                    // interrupt on.
                    interrupted = true;
                } catch (ExecutionException e) {
                    return e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new BackendFailureException("a worker failed: " + e.getCause(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.shutdown();
        }
    }
}
