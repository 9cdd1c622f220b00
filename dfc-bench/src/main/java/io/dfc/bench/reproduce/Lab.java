package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.config.TeacherSection;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunData;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.bench.parallel.ParallelTasks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where figures are run: it opens backends, shares data between runs, and runs several at once,
 * each on a backend of its own with one thread.
 */
public final class Lab {
    /** A teacher of a quick run, whose outputs have the variance of those of the published one. */
    private static final List<Setting> SMALL_TEACHER =
            List.of(new Setting("teacher.width", "200"), new Setting("teacher.depth", "3"));

    private final Scale scale;
    private final int tasks;
    private final List<Setting> surroundings;
    private final Function<List<Plan>, Backend> backends;
    private final Consumer<String> progress;
    private final Map<Task, DataSplits> data = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> shared = new ConcurrentHashMap<>();

    /** What the data of a run depend on. */
    private record Task(
            String name, TeacherSection teacher, long seed, int limit, boolean validation) {}

    /**
     * A lab.
     *
     * @param scale how much is run
     * @param tasks how many runs at once, at least 1
     * @param surroundings settings of all runs that change no result, such as where data lie
     * @param backends opens a backend of one thread that supports some plans
     * @param progress receives a line about each run that begins or ends
     */
    public Lab(
            Scale scale,
            int tasks,
            List<Setting> surroundings,
            Function<List<Plan>, Backend> backends,
            Consumer<String> progress) {
        this.scale = scale;
        this.tasks = tasks;
        this.surroundings = List.copyOf(surroundings);
        this.backends = backends;
        this.progress = progress;
    }

    /** {@return how much is run} */
    public Scale scale() {
        return scale;
    }

    /** {@return settings of all runs: their surroundings, and the teacher of a quick run} */
    List<Setting> common() {
        List<Setting> settings = new ArrayList<>(surroundings);
        settings.addAll(scale.quick() ? SMALL_TEACHER : List.of());
        return settings;
    }

    /**
     * A published configuration for a seed.
     *
     * @param name its name
     * @param seed the seed
     * @param more further settings
     * @return the configuration
     */
    RunConfiguration configuration(String name, long seed, Setting... more) {
        List<Setting> settings = new ArrayList<>(common());
        settings.add(new Setting("seed", Long.toString(seed)));
        settings.addAll(List.of(more));
        return RunConfigurations.load(name, settings);
    }

    /**
     * The data of a configuration; runs of one seed share them.
     *
     * @param c a configuration
     * @return the data
     */
    DataSplits data(RunConfiguration c) {
        return data.computeIfAbsent(
                new Task(c.data(), c.teacher(), c.seed(), c.limit(), c.validation()),
                k -> RunData.load(c));
    }

    /**
     * Opens a backend of one thread.
     *
     * @param plan what it has to support
     * @return the backend, to be closed by the caller
     */
    Backend open(Plan plan) {
        return backends.apply(List.of(plan));
    }

    /**
     * Runs that several figures share, which are run once.
     *
     * @param <T> their type
     * @param type their type
     * @param runs runs them
     * @return the runs
     */
    <T> T once(Class<T> type, Supplier<T> runs) {
        return type.cast(shared.computeIfAbsent(type, t -> runs.get()));
    }

    /** Says that a run begins or ends. */
    void say(String line) {
        progress.accept(line);
    }

    /**
     * Runs tasks, several at once.
     *
     * @param <T> type of the results
     * @param work the tasks
     * @return the results, in their order
     */
    <T> List<T> run(List<Callable<T>> work) {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks)) {
            return ParallelTasks.run(threads, work);
        }
    }
}
