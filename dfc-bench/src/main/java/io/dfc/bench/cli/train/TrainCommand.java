package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.run.DataDirectory;
import io.dfc.algorithms.run.PreparedRun;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;
import io.dfc.bench.cli.option.TableOptions;
import io.dfc.bench.report.MethodProblems;
import io.dfc.bench.report.ProgressDisplay;
import io.dfc.bench.report.SeedsTable;
import io.dfc.bench.report.Terminal;
import io.dfc.bench.report.Text;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** {@code dfc train}: trains a network and writes a run folder. */
@Command(
        name = "train",
        description =
                "Train a network. With no option: Deep Feedback Control on the built-in digits.",
        mixinStandardHelpOptions = true,
        footer =
                "Without --config the published configuration for data and method applies where there is one (./dfc configs"
                        + " lists them), else documented defaults.")
public final class TrainCommand implements Callable<Integer> {
    private static final String DEFAULT_METHOD = "dfc";
    private static final String DEFAULT_DATA = "glyphs";

    /** Beyond the minibatches of an epoch, of which the first is always measured. */
    private static final String ONCE_AN_EPOCH = "1000000000";

    @Spec private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "NAME|FILE",
            description = "Shipped configuration such as mnist/dfc-ssa, or a YAML or JSON file.")
    private Optional<String> config;

    @Option(
            names = "--method",
            paramLabel = "M",
            description = "How to learn: dfc, dfc-ss, bp, ... (./dfc methods lists them).")
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
    private @Nullable List<BigInteger> hidden;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Epochs of the forward weights; pre-training comes on top.")
    private Optional<BigInteger> epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Samples in a minibatch.")
    private Optional<BigInteger> batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of initialisation, shuffling and noise.")
    private Optional<BigInteger> seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Train N networks, with the seed and those after it, each in a folder DIR/seedK, and show mean and"
                            + " spread; side by side on a GPU, else one after the other. Finished seeds are not repeated.")
    private Optional<BigInteger> seeds;

    @Option(
            names = "--backend",
            paramLabel = "NAME[:DEVICE]",
            description = "Backend; auto takes the fastest that can run everything.")
    private Optional<String> backend;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of threads, 0 for all cores; results do not depend on it.")
    private Optional<BigInteger> threads;

    @Option(names = "--limit", paramLabel = "N", description = "Keep the first N training samples.")
    private Optional<BigInteger> limit;

    @Option(
            names = "--diagnose",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = ONCE_AN_EPOCH,
            description =
                    "Measure every N-th minibatch into metrics.jsonl, without a number one of each epoch: angles to other"
                            + " updates, conditions, stability (diagnostics.measures chooses).")
    private Optional<BigInteger> diagnose;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Replace any setting, such as control.time-points=200; repeatable.")
    private List<String> settings = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Run folder. Default: runs/DATA-METHOD-seedN, or runs/DATA-METHOD-seeds with --seeds.")
    private Optional<Path> out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "Continue the run in this folder, or its runs with several seeds, from the last checkpoint; with --epochs"
                            + " to a later end, towards which falling learning rates are stretched.")
    private Optional<Path> resume;

    @Option(
            names = "--json",
            description =
                    "Print the summary as JSON; with --seeds one object with runs, mean and deviation.")
    private boolean json;

    @Override
    public Integer call() {
        MethodProblems.print(LearningMethods.installed(), spec.commandLine().getErr());
        if (resume.isPresent()) {
            requireNothingElse();
            resume(resume.get());
        } else if (seeds.isPresent()) {
            trainSeeds(SeedSeries.requireCount(seeds.get()));
        } else {
            PreparedRun prepared = prepared();
            RunConfiguration configuration = prepared.configuration();
            Path folder = out.orElseGet(() -> DefaultFolder.ofRun(configuration));
            trainOne(
                    TrainingRun.fresh(configuration, new RunFolder(folder), prepared.data()),
                    folder);
        }
        return ExitCode.OK;
    }

    private void resume(Path path) {
        if (SeedFolder.isOne(path)) {
            SeedFolder folder = new SeedFolder(path);
            SortedSet<Long> wanted = folder.seeds();
            seeds.ifPresent(
                    n -> wanted.addAll(seedsFrom(wanted.first(), SeedSeries.requireCount(n))));
            trainSeries(folder, wanted, SeedSeries.resumed(folder, wanted, lasting(), passing()));
            return;
        }
        if (seeds.isPresent()) {
            throw new BadConfigurationException(
                    "--seeds", path + " does not hold several seeds; leave --seeds out");
        }
        RunFolder folder = new RunFolder(path).requireConfiguration();
        RunConfiguration stored =
                RunConfigurations.load(folder.configuration().toString(), lasting());
        DataDirectory.requireUse(stored.data(), lasting());
        trainOne(
                TrainingRun.continued(RunConfigurations.with(stored, passing()), stored, folder),
                path);
    }

    private void trainOne(TrainingRun run, Path folder) {
        Backends.Selection selection = run.select();
        try (Backend backend = selection.backend();
                InterruptNotice _ = new InterruptNotice(err(), folder);
                ProgressDisplay display = new ProgressDisplay(err(), redraws(), "")) {
            announce(run, selection);
            TrainingRun.Outcome outcome = run.train(backend, display);
            print(outcome);
            requireConverged(outcome.failure());
        }
    }

    private static List<Long> seedsFrom(long first, int count) {
        return LongStream.range(0, count).mapToObj(i -> first + i).toList();
    }

    private void trainSeeds(int count) {
        RunConfiguration base = prepared().configuration();
        SeedFolder folder = new SeedFolder(out.orElseGet(() -> DefaultFolder.ofSeeds(base)));
        SortedSet<Long> wanted = new TreeSet<>(seedsFrom(base.seed(), count));
        trainSeries(folder, wanted, SeedSeries.of(folder, wanted, base));
    }

    private void trainSeries(SeedFolder folder, SortedSet<Long> wanted, SeedSeries series) {
        List<String> failures = new ArrayList<>();
        List<RunSummary> summaries = new ArrayList<>(series.finished());
        summaries.forEach(
                s -> err().println("seed " + s.seed() + ": finished before, not repeated"));
        List<Supplier<TrainingRun>> remaining = series.remaining();
        if (!remaining.isEmpty()) {
            TrainingRun first = remaining.getFirst().get();
            Backends.Selection selection = first.select();
            try (Backend backend = selection.backend();
                    InterruptNotice _ = new InterruptNotice(err(), folder.path())) {
                announce(first, selection);
                folder.want(wanted);
                new SeedRuns(backend, err(), redraws())
                        .train(
                                first,
                                i -> remaining.get(i).get(),
                                remaining.size(),
                                outcome -> {
                                    if (!json) {
                                        print(outcome);
                                    }
                                    summaries.add(outcome.summary());
                                    outcome.failure()
                                            .ifPresent(
                                                    f ->
                                                            failures.add(
                                                                    outcome.folder().path()
                                                                            + ": "
                                                                            + f));
                                });
            }
        }
        summaries.sort(Comparator.comparingLong(RunSummary::seed));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.print(
                json
                        ? SeedsTable.json(summaries)
                        : System.lineSeparator() + SeedsTable.of(summaries));
        stdout.flush();
        requireConverged(failures.stream().findFirst());
    }

    private static void requireConverged(Optional<String> failure) {
        if (failure.isPresent()) {
            throw new NothingConvergedException(failure.get());
        }
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
                    "takes its settings from the run folder; only --epochs, --data-dir, --backend, --threads, --seeds,"
                            + " --diagnose and --json go with it");
        }
    }

    /** The run that the options ask for; what was chosen for its data is said. */
    private PreparedRun prepared() {
        PreparedRun prepared = configured();
        prepared.notes().forEach(note -> err().println(Text.oneLine(note)));
        err().flush();
        return prepared;
    }

    private PreparedRun configured() {
        List<Setting> overrides = overrides();
        if (config.isPresent()) {
            method.ifPresent(m -> overrides.addFirst(Setting.text("method", m)));
            data.ifPresent(d -> overrides.addFirst(Setting.text("data", d)));
            return PreparedRun.load(config.get(), overrides);
        }
        return PreparedRun.forRun(
                data.orElse(DEFAULT_DATA), method.orElse(DEFAULT_METHOD), overrides);
    }

    /** Settings that a run that continues stores in its folder. */
    private List<Setting> lasting() {
        return overrides().stream().filter(s -> !isTemporary(s)).toList();
    }

    /** Settings that a run that continues uses this time alone. */
    private List<Setting> passing() {
        return overrides().stream().filter(TrainCommand::isTemporary).toList();
    }

    private static boolean isTemporary(Setting setting) {
        return setting.key().equals("backend") || setting.key().equals("threads");
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
        diagnose.ifPresent(n -> list.add(new Setting("diagnostics.every", n.toString())));
        settings.forEach(s -> list.add(Setting.parse(s)));
        return list;
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
