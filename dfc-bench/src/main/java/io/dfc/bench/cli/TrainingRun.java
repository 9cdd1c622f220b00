package io.dfc.bench.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.inject.RunModule;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunInfo;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Plan;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** One run of {@code dfc train}, from its configuration to its folder. */
final class TrainingRun {
    private final RunConfiguration configuration;
    private final RunFolder folder;
    private final Optional<TrainingSnapshot> from;
    private final Injector injector;
    private final DataSplits splits;
    private final TrainingSpec spec;
    private final RunAssembler assembler;

    /** What came of a run. */
    record Outcome(TrainingResult result, RunInfo info, RunFolder folder, DataSplits splits) {
        RunSummary summary() {
            return RunSummary.of(info, result, splits.train().size());
        }

        String table() {
            return ResultTable.of(result, info, folder, splits);
        }
    }

    /**
     * Loads the data and assembles the run.
     *
     * @param from where to continue; a new folder is made without it
     * @param loaded the data, if they have been loaded
     */
    TrainingRun(
            RunConfiguration configuration,
            RunFolder folder,
            Optional<TrainingSnapshot> from,
            Optional<DataSplits> loaded) {
        RunAssembler.requireAvailable(configuration.method());
        this.configuration = configuration;
        this.folder = folder;
        this.from = from;
        injector = Guice.createInjector(new RunModule(configuration, loaded));
        splits = Injection.get(injector, DataSplits.class);
        spec = Injection.get(injector, TrainingSpec.class);
        assembler = Injection.get(injector, RunAssembler.class);
    }

    long seed() {
        return configuration.seed();
    }

    Plan plan() {
        return spec.plan();
    }

    /** Opens the backend that the configuration asks for, to be closed by the caller. */
    Backends.Selection select() {
        return Injection.get(injector, Backends.Selection.class);
    }

    /** What is about to be done, in one line without the backend. */
    String description() {
        return configuration.method()
                + " on "
                + configuration.data()
                + ": "
                + spec.plan().network()
                + ", solver "
                + assembler.solverLabel()
                + ", "
                + splits.train().size()
                + " training samples";
    }

    /** Trains on a backend. */
    Outcome train(Backend backend, ProgressDisplay display) {
        try (Engine engine = backend.compile(spec.plan())) {
            return train(backend, engine, display);
        }
    }

    /** Trains on an engine of a backend, which the caller closes. */
    Outcome train(Backend backend, Engine engine, ProgressDisplay display) {
        if (from.isEmpty()) {
            folder.create();
        }
        DataRecord record = DataRecord.of(configuration.data(), splits);
        if (from.isEmpty() || !Files.exists(folder.data())) {
            record.write(folder);
        }
        AtomicFiles.writeText(folder.configuration(), RunConfigurations.toYaml(configuration));
        RunInfo info =
                new RunInfo(
                        configuration.method().label(),
                        configuration.data(),
                        record.fingerprint(),
                        assembler.solverLabel(),
                        backend.name(),
                        backend.device().description(),
                        configuration.seed(),
                        spec.plan().network().forwardParameters(),
                        VersionProvider.buildVersion());
        TrainingSnapshot start = from.orElseGet(() -> TrainingSnapshot.start(spec.initial()));
        RunRecorder recorder =
                new RunRecorder(folder, info, splits.train().size(), start.progress().epochs());
        Trainer trainer = new Trainer(spec, splits, List.of(recorder, display));
        try {
            return new Outcome(trainer.resume(engine, start), info, folder, splits);
        } catch (DivergenceException e) {
            throw new DivergedRunException(e, folder);
        }
    }
}
