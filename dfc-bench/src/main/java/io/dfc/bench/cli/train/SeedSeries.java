package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.files.ShellWord;
import io.dfc.algorithms.run.DataDirectory;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.api.error.BadConfigurationException;

import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * The runs that remain in the folder of several seeds: those that ended are not repeated, those
 * that were interrupted continue, and those that are missing begin.
 */
final class SeedSeries {
    private static final int MOST_SEEDS = 1000;

    private final SeedFolder folder;
    private final List<RunSummary> finished = new ArrayList<>();
    private final List<Supplier<TrainingRun>> remaining = new ArrayList<>();

    private SeedSeries(SeedFolder folder) {
        this.folder = folder;
    }

    /**
     * Checks how many seeds are wanted.
     *
     * @return the number
     * @throws BadConfigurationException if it is out of range
     */
    static int requireCount(BigInteger count) {
        if (count.signum() < 1 || count.compareTo(BigInteger.valueOf(MOST_SEEDS)) > 0) {
            throw new BadConfigurationException(
                    "--seeds", "must lie in [1, " + MOST_SEEDS + "], got " + count);
        }
        return count.intValueExact();
    }

    /** {@return the settings, but for the seed, in which two runs of a series differ} */
    static List<String> differences(RunConfiguration found, RunConfiguration wanted) {
        Set<String> ignored = new HashSet<>(RunConfigurations.SURROUNDINGS);
        ignored.add("seed");
        return RunConfigurations.differences(found, wanted, ignored);
    }

    /**
     * A series with a configuration.
     *
     * @param base settings of every run, but for the seed
     * @throws BadConfigurationException if a run in the folder has other settings
     */
    static SeedSeries of(SeedFolder folder, SortedSet<Long> seeds, RunConfiguration base) {
        SeedSeries series = new SeedSeries(folder);
        for (long seed : seeds) {
            series.add(
                    RunConfigurations.with(
                            base, List.of(new Setting("seed", Long.toString(seed)))));
        }
        series.requireSameData(base);
        return series;
    }

    /**
     * The series in a folder, continued.
     *
     * @param seeds seeds, those in the folder among them
     * @param lasting settings to replace for good, such as the number of epochs
     * @param passing settings to replace this time, such as the backend
     */
    static SeedSeries resumed(
            SeedFolder folder,
            SortedSet<Long> seeds,
            List<Setting> lasting,
            List<Setting> passing) {
        String first = folder.firstConfiguration().orElseThrow().configuration().toString();
        SeedSeries series = new SeedSeries(folder);
        for (long seed : seeds) {
            RunFolder run = folder.run(seed);
            List<Setting> settings = new ArrayList<>(lasting);
            settings.add(new Setting("seed", Long.toString(seed)));
            RunConfiguration stored =
                    RunConfigurations.load(
                            Files.exists(run.configuration())
                                    ? run.configuration().toString()
                                    : first,
                            settings);
            series.add(run, stored, RunConfigurations.with(stored, passing));
        }
        RunConfiguration shared = RunConfigurations.load(first, lasting);
        DataDirectory.requireUse(shared.data(), lasting);
        series.requireSameData(shared);
        return series;
    }

    /** Seeds that are added learn from the data that the others have learnt from. */
    private void requireSameData(RunConfiguration configuration) {
        if (!remaining.isEmpty() && !folder.trained().isEmpty()) {
            TrainingRun.requireSameData(configuration, folder.run(folder.trained().getFirst()));
        }
    }

    private void add(RunConfiguration wanted) {
        RunFolder run = folder.run(wanted.seed());
        if (!run.hasCheckpoint()) {
            remaining.add(() -> TrainingRun.fresh(wanted, run));
            return;
        }
        RunConfiguration stored =
                RunConfigurations.load(
                        run.requireConfiguration().configuration().toString(), List.of());
        List<String> differences = differences(stored, wanted);
        if (!differences.isEmpty()) {
            throw new BadConfigurationException(
                    "--seeds",
                    run.path()
                            + " was trained with other settings: "
                            + differences.getFirst()
                            + (differences.size() == 1 && stored.epochs() != wanted.epochs()
                                    ? "; continue all seeds with --resume "
                                            + ShellWord.of(folder.path())
                                            + " --epochs "
                                            + wanted.epochs()
                                            + ", or choose another folder"
                                    : "; choose another folder"));
        }
        add(run, stored, wanted);
    }

    private void add(RunFolder run, RunConfiguration stored, RunConfiguration running) {
        Optional<RunSummary> summary =
                Files.exists(run.summary())
                        ? Optional.of(RunSummary.read(run.summary()))
                        : Optional.empty();
        summary.ifPresent(s -> TrainingRun.requireLaterEnd(run, s.epochs(), running.epochs()));
        if (run.hasCheckpoint() && summary.filter(s -> s.isOver(running.epochs())).isPresent()) {
            finished.add(summary.get());
        } else {
            remaining.add(() -> TrainingRun.continued(running, stored, run));
        }
    }

    /** {@return summaries of the runs that had ended before} */
    List<RunSummary> finished() {
        return List.copyOf(finished);
    }

    /** {@return the runs that remain, each assembled when it is asked for} */
    List<Supplier<TrainingRun>> remaining() {
        return List.copyOf(remaining);
    }
}
