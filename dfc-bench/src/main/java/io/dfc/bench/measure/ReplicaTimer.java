package io.dfc.bench.measure;

import io.dfc.api.network.Parameters;
import io.dfc.bench.parallel.ParallelTasks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Times a minibatch of several networks at once, a thread to each as in training. */
final class ReplicaTimer implements Trial {
    private static final double NANO = 1e-9;

    private final List<MinibatchTimer> timers;
    private final ExecutorService threads;

    /**
     * Takes over timers that are not loaded.
     *
     * @param parameters parameters of every network
     */
    ReplicaTimer(List<MinibatchTimer> timers, Parameters parameters) {
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
        ParallelTasks.run(
                threads, timers.stream().<Callable<Double>>map(t -> () -> work.apply(t)).toList());
    }

    @Override
    public double run() {
        long start = System.nanoTime();
        runAll(Trial::run);
        return (System.nanoTime() - start) * NANO;
    }

    @Override
    public int fallbackSamples() {
        return timers.stream().mapToInt(Trial::fallbackSamples).sum();
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
