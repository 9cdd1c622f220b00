package io.dfc.tornado.runtime;

import io.dfc.api.error.BackendFailureException;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The one thread from which kernels of several networks are launched, whichever network requests
 * it: TornadoVM keeps a queue of commands for every calling thread, and drivers a current context.
 */
final class LaunchThread {
    private static final ExecutorService THREAD =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("dfc-tornado-launches").factory());

    private LaunchThread() {}

    /** Runs a task on that thread, waits for its end, and throws its failure. */
    static void run(Runnable work) {
        Future<?> done = THREAD.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    done.get();
                    return;
                } catch (InterruptedException e) {
                    // The device is at work on memory that is in use here; it has to end.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof BackendFailureException failure
                            ? failure
                            : new BackendFailureException(
                                    "backend \"tornado\": a launch failed: "
                                            + FailureReasons.reason(e),
                                    e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
