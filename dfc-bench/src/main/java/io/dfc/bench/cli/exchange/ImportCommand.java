package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.exchange.ArrayNames;
import io.dfc.algorithms.exchange.ForeignWeights;
import io.dfc.algorithms.exchange.NamingScheme;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.formats.ArrayFiles;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.run.PreparedRun;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.option.TableOptions;
import io.dfc.bench.report.Table;
import io.dfc.bench.report.Text;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code dfc import}: a run folder that begins with weights of another program. */
@Command(
        name = "import",
        description =
                "Make a run folder of weights from elsewhere, for eval, predict, diagnose, export and train --resume: .npz,"
                        + " safetensors, or .npy files named as their arrays.",
        mixinStandardHelpOptions = true,
        footer =
                "A file of torch.save is a program, and is not run: docs/formats.md shows the line that converts it.")
public final class ImportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files with the arrays.")
    private List<Path> files;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Run folder to make.")
    private Path out;

    @Option(
            names = "--config",
            paramLabel = "NAME|FILE",
            description =
                    "Configuration of the run, such as mnist/dfc. The file does not tell activations: network.activations.")
    private Optional<String> config;

    @Option(
            names = "--data",
            paramLabel = "D",
            description = "Data set, as in train; without --config.")
    private Optional<String> data;

    @Option(
            names = "--method",
            paramLabel = "M",
            description = "Method. Default: dfc if there are feedback weights, else bp.")
    private Optional<String> method;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder with the data files.")
    private Optional<Path> dataDir;

    @Mixin private TableOptions table = new TableOptions();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Replace any setting; network.hidden is that of the weights unless it is given.")
    private List<String> settings = List.of();

    @Mixin private NameOptions names = new NameOptions();

    @Option(
            names = "--transpose",
            paramLabel = "GROUP,...",
            split = ",",
            description =
                    "Groups, such as W, whose matrices have their rows and columns the other way round: here rows are units.")
    private Set<String> transposed = Set.of();

    @Option(
            names = "--draw",
            paramLabel = "GROUP,...",
            split = ",",
            description =
                    "Groups, such as Q, that begin as in a new run if the files do not have them; feedback weights that begin as"
                            + " products of weights are products of those that are read.")
    private Set<String> drawn = Set.of();

    @Override
    public Integer call() {
        NamedArrays arrays = read();
        ForeignWeights weights =
                new ForeignWeights(
                        files.stream().map(Path::toString).collect(Collectors.joining(", ")),
                        arrays,
                        names.names(
                                () ->
                                        ArrayNames.found(arrays.tensors().keySet())
                                                .orElseGet(() -> ArrayNames.of(NamingScheme.OURS))),
                        transposed);
        List<Integer> hidden = weights.hidden();
        PreparedRun prepared = prepared(weights, hidden);
        prepared.notes().forEach(note -> err().println(Text.oneLine(note)));
        RunConfiguration configuration = prepared.configuration();
        DataSplits splits = prepared.data().orElseGet(() -> RunData.load(configuration));
        TrainingSpec training = new RunAssembler(configuration, splits.train()).assemble();
        ForeignWeights.Fitted fitted = weights.fit(training.plan(), training.initial(), drawn);
        if (!fitted.unused().isEmpty()) {
            err().println("not used: " + Excerpt.listed(fitted.unused()));
        }
        err().flush();
        write(configuration, splits, TrainingSnapshot.start(fitted.parameters()));
        print(configuration, training, weights);
        return ExitCode.OK;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private NamedArrays read() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (Path file : files) {
            ArrayFiles.read(file)
                    .tensors()
                    .forEach(
                            (name, tensor) -> {
                                if (all.put(name, tensor) != null) {
                                    throw new BadDataException(
                                            file.toString(),
                                            "has an array "
                                                    + Excerpt.of(name)
                                                    + ", which another file has, too");
                                }
                            });
        }
        return new NamedArrays(all, Map.of());
    }

    private PreparedRun prepared(ForeignWeights weights, List<Integer> hidden) {
        List<Setting> overrides = new ArrayList<>();
        dataDir.ifPresent(
                d ->
                        overrides.add(
                                Setting.text(
                                        "data-dir", d.toAbsolutePath().normalize().toString())));
        overrides.addAll(table.settings());
        overrides.add(new Setting("network.hidden", hidden.toString()));
        settings.forEach(setting -> overrides.add(RunConfigurations.Setting.parse(setting)));
        if (config.isPresent()) {
            method.ifPresent(m -> overrides.addFirst(Setting.text("method", m)));
            data.ifPresent(d -> overrides.addFirst(Setting.text("data", d)));
            return PreparedRun.load(config.get(), overrides);
        }
        return PreparedRun.forRun(
                data.orElse("glyphs"), method.orElse(weights.has("Q") ? "dfc" : "bp"), overrides);
    }

    private void write(
            RunConfiguration configuration, DataSplits splits, TrainingSnapshot snapshot) {
        RunFolder folder = new RunFolder(out);
        folder.requireFreeFor(configuration);
        folder.create();
        try (RunLease _ = RunLease.acquire(folder.path())) {
            folder.requireFreeFor(configuration);
            folder.deleteMetrics();
            DataRecord.of(configuration.data(), splits).write(folder);
            AtomicFiles.writeText(folder.configuration(), RunConfigurations.toYaml(configuration));
            Checkpoint.write(folder.checkpoint(), snapshot);
            if (!Checkpoint.read(folder.checkpoint()).best().equals(snapshot.best())) {
                throw new StorageException(
                        folder.checkpoint()
                                + " does not hold what was written to it; delete "
                                + folder.path());
            }
        }
    }

    private void print(
            RunConfiguration configuration, TrainingSpec training, ForeignWeights weights) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("run folder", out.toString());
        rows.put("method", configuration.method());
        rows.put("data", configuration.data());
        rows.put("network", training.plan().network().toString());
        rows.put("names", weights.names().scheme().label());
        Set<String> begun = new LinkedHashSet<>(drawn);
        begun.removeIf(weights::has);
        if (!begun.isEmpty()) {
            rows.put("drawn", String.join(", ", begun));
        }
        rows.put("checkpoint", "epoch 0, read back and equal");
        spec.commandLine().getOut().print(Table.pairs(rows));
        spec.commandLine().getOut().flush();
    }
}
