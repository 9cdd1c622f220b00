package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunLease;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DfcException;
import io.dfc.api.spi.Backend;
import io.dfc.bench.report.ProgressDisplay;
import io.dfc.bench.sweep.RunState;
import io.dfc.bench.sweep.Series;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Executes a run of a series on the machine on which it is called: begins it, or continues it from
 * its folder. What {@code train} would print goes to a log in the folder.
 */
public final class RunWorker {
    private static final String LOG = "train.log";

    private RunWorker() {}

    /**
     * Executes a run, if it waits to be; another process may have taken it meanwhile. If it fails,
     * the reason is left in its folder.
     *
     * @param run the run
     */
    public static void work(Series.Run run) {
        if (!(RunState.of(run) instanceof RunState.Waiting)) {
            return;
        }
        RunFolder folder = run.folder().create();
        try (PrintWriter log = log(folder);
                ProgressDisplay display = new ProgressDisplay(log, false, "")) {
            train(run.configuration(), folder, display);
        } catch (DfcException e) {
            // One that another process works on has not failed.
            if (!RunLease.isHeld(folder.path())) {
                AtomicFiles.writeText(RunState.failure(folder), e.getMessage() + "\n");
            }
        }
    }

    private static void train(
            RunConfiguration configuration, RunFolder folder, ProgressDisplay display) {
        TrainingRun training =
                folder.hasCheckpoint()
                        ? TrainingRun.continued(
                                configuration, requireSame(configuration, folder), folder)
                        : TrainingRun.fresh(configuration, folder);
        try (Backend backend = training.select().backend()) {
            training.train(backend, display);
        }
    }

    /** The configuration, which a run that continues has to have begun with. */
    private static RunConfiguration requireSame(RunConfiguration wanted, RunFolder folder) {
        RunConfiguration stored =
                RunConfigurations.load(
                        folder.requireConfiguration().configuration().toString(), List.of());
        List<String> differences =
                SeedSeries.differences(stored, wanted).stream()
                        .filter(d -> !d.startsWith("epochs "))
                        .toList();
        if (!differences.isEmpty()) {
            throw new BadConfigurationException(
                    "run folder",
                    folder.path()
                            + " was trained with other settings: "
                            + differences.getFirst()
                            + "; choose another folder");
        }
        return wanted;
    }

    private static PrintWriter log(RunFolder folder) {
        try {
            return new PrintWriter(
                    Files.newBufferedWriter(
                            folder.path().resolve(LOG),
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot write " + folder.path().resolve(LOG), e);
        }
    }
}
