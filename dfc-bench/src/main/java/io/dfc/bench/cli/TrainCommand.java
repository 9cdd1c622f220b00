package io.dfc.bench.cli;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSources;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.PreparedRun;
import io.dfc.algorithms.run.StoredRun;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code dfc train}: trains a network and writes a run folder. */
@Command(
        name = "train",
        description =
                "Train a network. With no option: Deep Feedback Control on the built-in digits.",
        mixinStandardHelpOptions = true,
        footer =
                "Without --config the published configuration for data and method applies where there is one (./dfc configs"
                        + " lists them), else documented defaults.")
final class TrainCommand implements Callable<Integer> {
    private static final String DEFAULT_METHOD = "dfc";
    private static final String DEFAULT_DATA = "glyphs";
    private static final int MAX_SEEDS = 1000;
    private static final String RESTART = "put the old file back, or train anew in another folder";

    @Spec private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "NAME|FILE",
            description = "Shipped configuration such as mnist/dfc-ssa, or a YAML or JSON file.")
    private Optional<String> config;

    @Option(
            names = "--method",
            paramLabel = "M",
            description = "dfc, dfc-ss, dfc-ssa, each also with -fixed, or bp.")
    private Optional<String> method;

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "Data set (./dfc data lists them), csv:FILE or idx:DIR.")
    private Optional<String> data;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder with the data files: DIR/NAME, then DIR, is searched.")
    private Optional<Path> dataDir;

    @Mixin private TableOptions table = new TableOptions();

    @Option(
            names = "--hidden",
            paramLabel = "N,...",
            split = ",",
            description = "Sizes of the hidden layers, such as 256,256,256.")
    private List<Integer> hidden;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of the forward weights; pre-training comes on top.")
    private Optional<Integer> epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Samples in a minibatch.")
    private Optional<Integer> batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of initialisation, shuffling and noise.")
    private Optional<Long> seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Train N networks, with the seed and those after it, each in a folder of its own (DIR/seedK with --out),"
                            + " and show mean and spread; side by side on a GPU, else one after the other.")
    private Optional<Integer> seeds;

    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            description = "Backend; auto takes the fastest that can run everything.")
    private Optional<String> backend;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of threads, 0 for all cores; results do not depend on it.")
    private Optional<Integer> threads;

    @Option(names = "--limit", paramLabel = "N", description = "Keep the first N training samples.")
    private Optional<Integer> limit;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replace any setting, such as control.time-points=200; repeatable.")
    private List<String> settings = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Run folder. Default: runs/DATA-METHOD-seedN.")
    private Optional<Path> out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Continue the run in this folder from its last checkpoint; with --epochs to another end.")
    private Optional<Path> resume;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (seeds.isPresent()) {
            trainSeeds(seeds.get());
        } else if (resume.isPresent()) {
            requireNothingElse();
            RunFolder folder = new RunFolder(resume.get()).requireRun();
            RunConfiguration configuration =
                    RunConfigurations.load(folder.configuration().toString(), overrides());
            TrainingSnapshot snapshot = Checkpoint.read(folder.checkpoint());
            StoredRun stored = new StoredRun(configuration, folder);
            DataSplits splits = stored.data(RESTART);
            stored.requireFit(splits.train(), snapshot.best());
            trainOne(
                    new TrainingRun(
                            configuration, folder, Optional.of(snapshot), Optional.of(splits)));
        } else {
            PreparedRun prepared = prepared(List.of());
            note(prepared);
            trainOne(newRun(prepared, out.orElseGet(() -> freeFolder(prepared.configuration()))));
        }
        return ExitCode.OK;
    }

    private void trainOne(TrainingRun run) {
        Backends.Selection selection = run.select();
        try (Backend backend = selection.backend();
                ProgressDisplay display = new ProgressDisplay(err(), redraws(), "")) {
            announce(run, selection);
            print(run.train(backend, display));
        }
    }

    private void trainSeeds(int count) {
        if (count < 1 || count > MAX_SEEDS) {
            throw new BadConfigurationException(
                    "--seeds", "must lie in [1, " + MAX_SEEDS + "], got " + count);
        }
        if (resume.isPresent() || json) {
            throw new BadConfigurationException(
                    "--seeds",
                    "starts runs of its own and shows a table; it goes neither with --resume nor with --json");
        }
        PreparedRun prepared = prepared(List.of());
        note(prepared);
        TrainingRun first = withSeed(prepared.configuration().seed());
        List<RunSummary> summaries = new ArrayList<>();
        Backends.Selection selection = first.select();
        try (Backend backend = selection.backend()) {
            announce(first, selection);
            new SeedRuns(backend, err(), redraws())
                    .train(
                            first,
                            i -> withSeed(first.seed() + i),
                            count,
                            outcome -> {
                                print(outcome);
                                summaries.add(outcome.summary());
                            });
        }
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println();
        stdout.print(SeedsTable.of(summaries));
        stdout.flush();
    }

    private TrainingRun withSeed(long value) {
        PreparedRun prepared = prepared(List.of(new Setting("seed", Long.toString(value))));
        Path folder =
                out.isPresent()
                        ? out.get().resolve("seed" + value)
                        : freeFolder(prepared.configuration());
        return newRun(prepared, folder);
    }

    private static TrainingRun newRun(PreparedRun prepared, Path folder) {
        return new TrainingRun(
                prepared.configuration(), new RunFolder(folder), Optional.empty(), prepared.data());
    }

    private void note(PreparedRun prepared) {
        prepared.notes().forEach(err()::println);
        err().flush();
    }

    private void announce(TrainingRun run, Backends.Selection selection) {
        err().println(run.description() + "; " + selection.explanation());
        err().flush();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Whether progress may redraw a line. */
    private boolean redraws() {
        return !json && Terminal.isInteractive();
    }

    /** Options that would change the mathematics of a run that goes on. */
    private void requireNothingElse() {
        if (config.isPresent()
                || method.isPresent()
                || data.isPresent()
                || hidden != null
                || batch.isPresent()
                || seed.isPresent()
                || limit.isPresent()
                || out.isPresent()
                || !table.settings().isEmpty()
                || !settings.isEmpty()) {
            throw new BadConfigurationException(
                    "--resume",
                    "takes its settings from the run folder; only --epochs, --data-dir, --backend, --threads and --json go"
                            + " with it");
        }
    }

    /** The configuration that the options ask for, with some more settings. */
    private PreparedRun prepared(List<Setting> more) {
        List<Setting> overrides = overrides();
        overrides.addAll(more);
        if (config.isPresent()) {
            method.ifPresent(m -> overrides.addFirst(Setting.text("method", m)));
            data.ifPresent(d -> overrides.addFirst(Setting.text("data", d)));
            return PreparedRun.load(config.get(), overrides);
        }
        return PreparedRun.forRun(
                data.orElse(DEFAULT_DATA), method.orElse(DEFAULT_METHOD), overrides);
    }

    private List<Setting> overrides() {
        List<Setting> list = new ArrayList<>();
        dataDir.ifPresent(
                d -> list.add(Setting.text("data-dir", d.toAbsolutePath().normalize().toString())));
        list.addAll(table.settings());
        if (hidden != null) {
            list.add(
                    new Setting(
                            "network.hidden",
                            hidden.stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(",", "[", "]"))));
        }
        epochs.ifPresent(n -> list.add(new Setting("epochs", n.toString())));
        batch.ifPresent(n -> list.add(new Setting("batch", n.toString())));
        seed.ifPresent(n -> list.add(new Setting("seed", n.toString())));
        backend.ifPresent(b -> list.add(Setting.text("backend", b)));
        threads.ifPresent(n -> list.add(new Setting("threads", n.toString())));
        limit.ifPresent(n -> list.add(new Setting("limit", n.toString())));
        settings.forEach(s -> list.add(Setting.parse(s)));
        return list;
    }

    private static Path freeFolder(RunConfiguration c) {
        String base =
                DataSources.shortName(c.data()).replaceAll("[^A-Za-z0-9]+", "-")
                        + "-"
                        + c.method()
                        + "-seed"
                        + c.seed();
        Path folder = Path.of("runs", base);
        for (int n = 2; Files.exists(folder); n++) {
            folder = Path.of("runs", base + "-" + n);
        }
        return folder;
    }

    private void print(TrainingRun.Outcome outcome) {
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(
                json
                        ? RunFolder.readText(outcome.folder().summary()).strip()
                                + System.lineSeparator()
                        : outcome.table());
        stdout.flush();
    }
}
