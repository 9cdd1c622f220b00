package io.dfc.bench.hardware;

import io.dfc.api.network.Parameters;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Times a minibatch of several networks at once, a thread to each as in training. */
final class SideBySide implements Trial {
    private static final double NANO = 1e-9;

    private final List<MinibatchTimer> timers;
    private final ExecutorService threads;

    /**
     * Takes over timers that are not loaded.
     *
     * @param parameters parameters of every network
     */
    SideBySide(List<MinibatchTimer> timers, Parameters parameters) {
        this.timers = timers;
        threads =
                Executors.newFixedThreadPool(timers.size(), Thread.ofPlatform().daemon().factory());
        runAll(
                timer -> {
                    timer.load(parameters);
                    return 0.0;
                });
    }

    private void runAll(Function<MinibatchTimer, Double> work) {
        List<Future<Double>> runs =
                timers.stream().map(t -> threads.submit(() -> work.apply(t))).toList();
        runs.forEach(SideBySide::join);
    }

    @Override
    public double run() {
        long start = System.nanoTime();
        runAll(Trial::run);
        return (System.nanoTime() - start) * NANO;
    }

    private static void join(Future<Double> run) {
        try {
            run.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while networks were measured", e);
        }
    }

    @Override
    public int simulated() {
        return timers.stream().mapToInt(Trial::simulated).sum();
    }

    @Override
    public double errorEstimate() {
        return timers.stream().mapToDouble(Trial::errorEstimate).max().orElse(0);
    }

    @Override
    public void close() {
        threads.close();
        timers.forEach(Trial::close);
    }
}
