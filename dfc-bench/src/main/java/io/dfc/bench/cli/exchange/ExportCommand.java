package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.exchange.ArrayNames;
import io.dfc.algorithms.exchange.NamingScheme;
import io.dfc.algorithms.exchange.TrainedNetwork;
import io.dfc.algorithms.formats.ArrayFiles;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.formats.Npz;
import io.dfc.algorithms.formats.Safetensors;
import io.dfc.algorithms.formats.onnx.OnnxOutput;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.option.VersionProvider;
import io.dfc.bench.report.Table;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc export}: the network of a run's best epoch in the formats of other programs. */
@Command(
        name = "export",
        description =
                "Write the best network of a run as ONNX model, .npz or safetensors; what was written is read back and"
                        + " compared.",
        mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "Run folder.")
    private Path run;

    @Option(
            names = "--onnx",
            paramLabel = "FILE",
            description =
                    "ONNX model of the forward network: raw inputs, their standardisation, layers, outputs.")
    private Optional<Path> onnx;

    @Option(
            names = "--npz",
            paramLabel = "FILE",
            description = "All parameters as an archive of NumPy.")
    private Optional<Path> npz;

    @Option(
            names = "--safetensors",
            paramLabel = "FILE",
            description = "All parameters as safetensors.")
    private Optional<Path> safetensors;

    @Option(
            names = "--outputs",
            paramLabel = "NAME,...",
            split = ",",
            description =
                    "What the ONNX model hands out: label and probabilities of classes, prediction of a number, outputs of the"
                            + " last layer as they are. Default: label,probabilities or prediction, else outputs.")
    private List<String> outputs = List.of();

    @Mixin private NameOptions names = new NameOptions();

    @Option(names = "--force", description = "Replace files that are there.")
    private boolean force;

    /** Writes arrays in a format. */
    @FunctionalInterface
    private interface Format {
        void write(OutputStream out, NamedArrays arrays) throws IOException;
    }

    @Override
    public Integer call() {
        List<OnnxOutput> wanted = outputs.stream().map(ExportCommand::output).toList();
        requireTargets();
        TrainedNetwork trained =
                TrainedNetwork.of(new RunFolder(run), "dfc " + VersionProvider.buildVersion());
        ArrayNames called = names.names(() -> ArrayNames.of(NamingScheme.OURS));
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put(
                "run",
                run
                        + " ("
                        + trained.configuration().method()
                        + " on "
                        + trained.configuration().data()
                        + "), epoch "
                        + trained.provenance().get("epoch"));
        safetensors.ifPresent(
                file -> rows.put("safetensors", arrays(file, trained, called, Safetensors::write)));
        npz.ifPresent(file -> rows.put("npz", arrays(file, trained, called, Npz::write)));
        onnx.ifPresent(
                file ->
                        rows.put(
                                "onnx",
                                file
                                        + ": "
                                        + new OnnxExport(trained)
                                                .write(
                                                        file,
                                                        wanted,
                                                        VersionProvider.buildVersion(),
                                                        trained.configuration().backend())));
        spec.commandLine().getOut().print(Table.pairs(rows));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private static OnnxOutput output(String name) {
        return OnnxOutput.of(name)
                .orElseThrow(
                        () ->
                                new BadConfigurationException(
                                        "--outputs",
                                        "unknown output \""
                                                + name
                                                + "\"; expected outputs, probabilities, label or prediction"));
    }

    private void requireTargets() {
        List<Path> files = new ArrayList<>();
        Map<String, Optional<Path>> targets = new LinkedHashMap<>();
        targets.put("--onnx", onnx);
        targets.put("--npz", npz);
        targets.put("--safetensors", safetensors);
        targets.forEach(
                (option, target) ->
                        target.ifPresent(
                                file -> {
                                    ExportTarget.require(option, file, force);
                                    Path whole = file.toAbsolutePath().normalize();
                                    if (files.contains(whole)) {
                                        throw new BadConfigurationException(
                                                option, file + " is named twice");
                                    }
                                    files.add(whole);
                                }));
        if (files.isEmpty()) {
            throw new BadConfigurationException(
                    "export",
                    "say what to write: " + String.join(", ", targets.keySet()) + " FILE");
        }
        if (!outputs.isEmpty() && onnx.isEmpty()) {
            throw new BadConfigurationException("--outputs", "is for --onnx");
        }
    }

    private static String arrays(
            Path file, TrainedNetwork trained, ArrayNames names, Format format) {
        NamedArrays arrays = trained.arrays(names);
        AtomicFiles.write(file, out -> format.write(out, arrays));
        if (!ArrayFiles.read(file).equals(arrays)) {
            throw new StorageException(
                    file + " does not hold what was written to it; do not use it");
        }
        long numbers = arrays.tensors().values().stream().mapToLong(Tensor::size).sum();
        return file
                + ": "
                + arrays.tensors().size()
                + " arrays, "
                + numbers
                + " numbers, named as "
                + names.scheme().label()
                + "; read back and equal";
    }
}
