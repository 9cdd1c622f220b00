package io.dfc.bench.cli.train;

import io.dfc.algorithms.run.PlanComparison;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.bench.parallel.ParallelTasks;
import io.dfc.bench.report.ProgressDisplay;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Runs that differ by their seeds: side by side where the backend gains from it, else one after the
 * other. The results are the same.
 */
final class SeedRuns {
    /** Each of them holds the data. */
    private static final int MOST_AT_ONCE = 16;

    private final Backend backend;
    private final PrintWriter err;
    private final boolean terminal;

    /**
     * Runs on a backend.
     *
     * @param err where progress goes
     * @param terminal whether that is a terminal that can redraw a line
     */
    SeedRuns(Backend backend, PrintWriter err, boolean terminal) {
        this.backend = backend;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Trains all.
     *
     * @param first the first run
     * @param others makes the run at a position after it
     * @param count number of runs
     * @param done is told of each outcome, in their order
     */
    void train(
            TrainingRun first,
            IntFunction<TrainingRun> others,
            int count,
            Consumer<TrainingRun.Outcome> done) {
        int atOnce = networksAtOnce(first.learning().plan(), count);
        for (int from = 0; from < count; from += atOnce) {
            List<TrainingRun> runs =
                    IntStream.range(from, Math.min(count, from + atOnce))
                            .mapToObj(i -> i == 0 ? first : others.apply(i))
                            .toList();
            if (runs.size() > 1 && alike(runs) && backend instanceof ReplicaTraining replicas) {
                sideBySide(runs, replicas).forEach(done);
            } else {
                runs.forEach(run -> done.accept(alone(run)));
            }
        }
    }

    /** Constants that come from the initial parameters are part of the plan. */
    private static boolean alike(List<TrainingRun> runs) {
        LearningPlan first = runs.getFirst().learning();
        return runs.stream().allMatch(run -> PlanComparison.alike(first, run.learning()));
    }

    /** Number of networks that the backend trains at once. */
    private int networksAtOnce(Plan plan, int count) {
        if (!(backend instanceof ReplicaTraining replicas)) {
            return 1;
        }
        int n = Math.min(count, MOST_AT_ONCE);
        while (n > 1 && !replicas.supports(plan, n).isSupported()) {
            n--;
        }
        return n;
    }

    private TrainingRun.Outcome alone(TrainingRun run) {
        try (ProgressDisplay display = new ProgressDisplay(err, terminal, "")) {
            return run.train(backend, display);
        }
    }

    private List<TrainingRun.Outcome> sideBySide(List<TrainingRun> runs, ReplicaTraining replicas) {
        err.println(runs.size() + " networks side by side");
        err.flush();
        // One plan for all, so that its handles are those of every engine.
        LearningPlan shared = runs.getFirst().learning();
        List<Engine> engines = replicas.compileReplicas(shared.plan(), runs.size());
        List<Callable<TrainingRun.Outcome>> tasks = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            TrainingRun run = runs.get(i);
            Engine engine = engines.get(i);
            tasks.add(() -> on(engine, run, shared));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(runs.size())) {
            return ParallelTasks.run(threads, tasks);
        }
    }

    private TrainingRun.Outcome on(Engine engine, TrainingRun run, LearningPlan shared) {
        // Closed as soon as this run ends, or the others would wait for it.
        try (engine;
                ProgressDisplay display =
                        new ProgressDisplay(err, false, "seed " + run.seed() + ": ")) {
            return run.train(backend, engine, shared, display);
        }
    }
}
