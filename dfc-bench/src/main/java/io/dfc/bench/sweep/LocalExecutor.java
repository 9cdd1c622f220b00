package io.dfc.bench.sweep;

import io.dfc.bench.parallel.ParallelTasks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Runs side by side in this process.
 *
 * @param jobs how many at once, at least 1
 * @param work executes one run
 */
public record LocalExecutor(int jobs, Consumer<Series.Run> work) implements RunExecutor {
    @Override
    public void execute(List<Series.Run> runs) {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (Series.Run run : runs) {
            tasks.add(
                    () -> {
                        work.accept(run);
                        return true;
                    });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            ParallelTasks.run(threads, tasks);
        }
    }
}
