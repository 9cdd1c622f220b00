package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.diagnostics.run.LoopStability;
import io.dfc.algorithms.diagnostics.run.RunDiagnostics;
import io.dfc.algorithms.run.DivergenceAdvice;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.RunDevice;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunInfo;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.algorithms.store.TrainingSize;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.bench.cli.option.KnownBackends;
import io.dfc.bench.cli.option.VersionProvider;
import io.dfc.bench.report.ProgressDisplay;
import io.dfc.bench.report.ResultTable;
import io.dfc.bench.report.Text;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run of {@code dfc train}, from its configuration to its folder. */
final class TrainingRun {
    /** Samples whose loops are judged before a run. */
    private static final int MOST_JUDGED = 32;

    private static final String RESTART = "put the old file back, or train anew in another folder";

    private final RunConfiguration configuration;
    private final RunConfiguration stored;
    private final RunFolder folder;
    private final boolean continues;
    private final DataSplits splits;
    private final TrainingSpec spec;
    private final List<String> warnings;

    /** The result of a run. */
    record Outcome(
            RunSummary summary, RunFolder folder, int trainingSamples, Optional<String> failure) {
        String table() {
            return ResultTable.of(summary, folder, trainingSamples);
        }
    }

    private TrainingRun(
            RunConfiguration configuration,
            RunConfiguration stored,
            RunFolder folder,
            boolean continues,
            Optional<DataSplits> loaded) {
        RunLease.requireFree(folder.path());
        this.configuration = configuration;
        this.stored = stored;
        this.folder = folder;
        this.continues = continues;
        splits = loaded.orElseGet(() -> RunData.load(configuration));
        spec = new RunAssembler(configuration, splits.train()).assemble();
        warnings = continues ? List.of() : checkStability();
    }

    /**
     * A run from the start: loads its data and assembles it.
     *
     * @param folder a folder without a run
     */
    static TrainingRun fresh(RunConfiguration configuration, RunFolder folder) {
        return fresh(configuration, folder, Optional.empty());
    }

    /**
     * A run from the start, on data that may have been loaded.
     *
     * @param loaded the data, if they have been
     */
    static TrainingRun fresh(
            RunConfiguration configuration, RunFolder folder, Optional<DataSplits> loaded) {
        return new TrainingRun(configuration, configuration, folder, false, loaded);
    }

    /**
     * A run that continues at its checkpoint, or starts again if it stopped before the first one.
     *
     * @param configuration settings with which it runs now
     * @param stored settings that the folder stores: the run's own, without the backend used this
     *     time
     */
    static TrainingRun continued(
            RunConfiguration configuration, RunConfiguration stored, RunFolder folder) {
        Optional<DataSplits> same =
                folder.hasCheckpoint()
                        ? Optional.of(new StoredRun(configuration, folder).data(RESTART))
                        : Optional.empty();
        return new TrainingRun(configuration, stored, folder, true, same);
    }

    /**
     * Makes sure that the files of a user are still those from which a run has learnt.
     *
     * @throws io.dfc.api.error.BadDataException if they are not
     */
    static void requireSameData(RunConfiguration configuration, RunFolder folder) {
        if (DataSources.isOwn(configuration.data())) {
            new StoredRun(configuration, folder).data(RESTART);
        }
    }

    /**
     * Makes sure that a run does not end before the epoch that it has reached.
     *
     * @param reached completed epochs
     * @param wanted epochs of the whole run
     * @throws BadConfigurationException if it would
     */
    static void requireLaterEnd(RunFolder folder, int reached, int wanted) {
        if (wanted < reached) {
            throw new BadConfigurationException(
                    "epochs",
                    "the run in "
                            + folder.path()
                            + " has done "
                            + Text.count(reached, "epoch")
                            + " and cannot end after "
                            + wanted
                            + "; give --epochs with at least "
                            + reached
                            + ", or train anew in another folder");
        }
    }

    long seed() {
        return configuration.seed();
    }

    LearningPlan learning() {
        return spec.learning();
    }

    /** Opens the backend that the configuration asks for, to be closed by the caller. */
    Backends.Selection select() {
        return KnownBackends.discover()
                .select(
                        configuration.backend(),
                        new BackendOptions(configuration.threads()),
                        List.of(spec.plan()));
    }

    /** What is about to be done, in one line without the backend. */
    String description() {
        return configuration.method()
                + " on "
                + configuration.data()
                + ": "
                + spec.plan().network()
                + ", solver "
                + spec.learning().solverLabel()
                + ", "
                + splits.train().size()
                + " training samples";
    }

    /** Trains on a backend. */
    Outcome train(Backend backend, ProgressDisplay display) {
        try (Engine engine = backend.compile(spec.plan())) {
            return train(backend, engine, spec.learning(), display);
        }
    }

    /**
     * Trains on an engine of a backend, which the caller closes.
     *
     * @param learning the run's plan, or one alike, of which the engine is
     */
    Outcome train(Backend backend, Engine engine, LearningPlan learning, ProgressDisplay display) {
        folder.create();
        try (RunLease lease = RunLease.acquire(folder.path())) {
            TrainingSnapshot start = start(display);
            DataRecord record = DataRecord.of(configuration.data(), splits);
            if (start.progress().epochs() == 0 || !Files.exists(folder.data())) {
                record.write(folder);
            }
            AtomicFiles.writeText(folder.configuration(), RunConfigurations.toYaml(stored));
            RunInfo info =
                    new RunInfo(
                            configuration.method(),
                            configuration.data(),
                            record.fingerprint(),
                            spec.learning().solverLabel(),
                            new RunDevice(backend.name(), backend.device().description()),
                            configuration.seed(),
                            spec.plan().network().forwardParameters(),
                            VersionProvider.buildVersion());
            int samples = splits.train().size();
            RunRecorder recorder =
                    new RunRecorder(
                            folder,
                            info,
                            new TrainingSize(samples, spec.plan().maxBatch()),
                            configuration.keepEvery(),
                            start.progress());
            recorder.lostTimes().ifPresent(display::note);
            DivergenceWatch watch =
                    new DivergenceWatch(
                            new DivergenceAdvice(configuration, splits.train(), backend),
                            display,
                            start);
            try (RunGuard guard = new RunGuard(recorder, lease)) {
                TrainingResult result =
                        new Trainer(
                                        spec.on(learning),
                                        splits,
                                        List.of(guard, display, watch),
                                        RunDiagnostics.of(configuration.diagnostics(), learning))
                                .resume(engine, start);
                if (result.reason() == TrainingResult.Reason.INTERRUPTED) {
                    throw new InterruptedRunException(folder);
                }
                return new Outcome(recorder.summary(result), folder, samples, watch.failure());
            } catch (DivergenceException e) {
                throw new DivergedRunException(e, watch.remedy(), folder);
            }
        }
    }

    /** A schedule that falls to the end of a run depends on where that is. */
    private void sayIfRatesChange(int reached, ProgressDisplay display) {
        int before = RunConfigurations.load(folder.configuration().toString(), List.of()).epochs();
        int now = configuration.epochs();
        if (spec.schedule() != RateSchedule.LINEAR || before == now || reached == now) {
            return;
        }
        display.note(
                String.format(
                        Locale.ROOT,
                        "learning rates fall to zero at the end of the run, now epoch %d and not %d: epoch %d begins with"
                                + " %.0f %% of the first rate, not %.0f %%; a run of %d epochs from the start would end otherwise",
                        now,
                        before,
                        reached + 1,
                        100.0 * (now - reached) / now,
                        100.0 * Math.max(0, before - reached) / Math.max(1, before),
                        now));
    }

    /** Loops that are unstable before anything was learnt: refused, or said. */
    private List<String> checkStability() {
        DataSet train = splits.train();
        int samples = Math.min(configuration.diagnostics().samples(), MOST_JUDGED);
        return LoopStability.check(
                spec.plan(),
                spec.initial(),
                MinibatchCopy.first(train, samples).inputs(),
                configuration.diagnostics().stability());
    }

    private TrainingSnapshot start(ProgressDisplay display) {
        if (continues && folder.hasCheckpoint()) {
            TrainingSnapshot from = Checkpoint.read(folder.checkpoint());
            requireLaterEnd(folder, from.progress().epochs(), configuration.epochs());
            new StoredRun(configuration, folder).requireFit(splits.train(), from.best());
            Checkpoint.requireFit(folder.checkpoint(), from, spec.plan());
            sayIfRatesChange(from.progress().epochs(), display);
            return from;
        }
        if (!continues) {
            folder.requireFreeFor(configuration);
        }
        warnings.forEach(display::note);
        if (folder.stoppedBeforeCheckpoint()) {
            display.note(
                    "the run in "
                            + folder.path()
                            + " stopped before its first checkpoint; it starts again");
        }
        folder.deleteMetrics();
        return TrainingSnapshot.start(spec.initial());
    }
}
