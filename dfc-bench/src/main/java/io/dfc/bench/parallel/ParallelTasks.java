package io.dfc.bench.parallel;

import io.dfc.api.error.DfcException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Tasks that run at the same time. */
public final class ParallelTasks {
    private ParallelTasks() {}

    /**
     * Runs tasks and waits until all have ended, those that fail too.
     *
     * @param <T> type of the results
     * @param threads as many threads as there are tasks
     * @param tasks the tasks
     * @return the results, in the order of the tasks
     * @throws RuntimeException what the first task that failed has thrown
     * @throws DfcException if this thread is interrupted, which it stays; so are those of the tasks
     */
    public static <T> List<T> run(ExecutorService threads, List<Callable<T>> tasks) {
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DfcException(
                    "interrupted; what each of several tasks had finished is kept", e);
        }
    }
}
