package io.dfc.bench.cli.predict;

import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.csv.EncodedRows;
import io.dfc.algorithms.data.idx.ImageRows;
import io.dfc.algorithms.data.source.DataOptions;
import io.dfc.algorithms.run.Predictor;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.plan.Plan;
import io.dfc.bench.cli.option.TableOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code dfc predict}: outputs of the network of a run's best epoch for new samples. */
@Command(
        name = "predict",
        description =
                "Predict new samples with the best epoch of a run, or with a model: a table with its columns, in any order,"
                        + " or an IDX file of images; no targets needed. Writes CSV: a class and a score for each class, or"
                        + " a number.",
        mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
    private static final int BATCH = 256;

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN|MODEL", description = "Run folder or model file.")
    private Path run;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "CSV file, or IDX file of images; - for standard input.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where predictions go. Default: standard output.")
    private Optional<Path> out;

    @Option(
            names = "--missing",
            paramLabel = "POLICY",
            description =
                    "Missing cells: error, or mean of their column in training. Default: mean if the run was trained so.")
    private Optional<String> missing;

    @Mixin private TableOptions.CsvForm form = new TableOptions.CsvForm();

    @Mixin private RunBackend backend;

    @Override
    public Integer call() {
        TrainedNetwork best = backend.open(run, form.settings());
        FittedEncoding fitted = fitted(best.fitted());
        out.ifPresent(this::requireWritable);
        Plan plan =
                new RunAssembler(best.configuration(), Predictor.example(fitted.encoding()))
                        .evaluationPlan(BATCH);
        SampleFile.use(
                file,
                usable -> {
                    Samples samples =
                            samples(usable, fitted, RunData.options(best.configuration()));
                    backend.use(
                            best,
                            plan,
                            (_, engine) -> {
                                write(new Predictor(engine, fitted.encoding()), samples);
                                return ExitCode.OK;
                            });
                });
        return ExitCode.OK;
    }

    /** Every sample gets a prediction, so none can be left out. */
    private FittedEncoding fitted(FittedEncoding fitted) {
        if (!(fitted.encoding() instanceof TableEncoding table)) {
            return fitted;
        }
        MissingPolicy policy =
                switch (missing.orElseGet(() -> table.missing().label())) {
                    case "mean" -> MissingPolicy.MEAN;
                    case "error" -> MissingPolicy.ERROR;
                    case "drop" -> {
                        if (missing.isPresent()) {
                            throw new BadConfigurationException(
                                    "--missing",
                                    "drop would leave rows without a prediction; use error or mean");
                        }
                        yield MissingPolicy.ERROR;
                    }
                    default ->
                            throw new BadConfigurationException(
                                    "--missing",
                                    "unknown value \""
                                            + missing.orElseThrow()
                                            + "\"; allowed: error, mean");
                };
        return new FittedEncoding(table.withMissing(policy), fitted.owner());
    }

    private void requireWritable(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        if (Files.isDirectory(target)) {
            throw new StorageException("cannot write " + target + ": is a folder");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new StorageException(
                    "cannot write "
                            + target
                            + ": is no regular file; without --out predictions go to standard output");
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw new StorageException("cannot write " + target + ": no folder " + parent);
        }
    }

    /** Samples that can be read more than once. */
    @FunctionalInterface
    private interface Samples {
        void forEachBatch(SourceUse use) throws IOException;
    }

    /** Does something with samples. */
    @FunctionalInterface
    private interface SourceUse {
        void accept(Predictor.Source source) throws IOException;
    }

    private static Samples samples(Path file, FittedEncoding fitted, DataOptions options) {
        boolean images = fitted.encoding() instanceof ImageEncoding;
        if (ImageRows.isIdx(file) != images) {
            throw new BadDataException(
                    file.toString(),
                    images
                            ? "is no IDX file, but "
                                    + fitted.owner()
                                    + " learnt from images; give an IDX file of images, rows of a table will not do"
                            : "is an IDX file, but " + fitted.owner() + " learnt from a table");
        }
        if (images) {
            ImageRows rows = ImageRows.read(file, fitted);
            return use -> use.accept(source(rows));
        }
        return use -> {
            try (EncodedRows rows = EncodedRows.open(file, fitted, options.csv())) {
                use.accept(source(rows, fitted.encoding().inputs()));
            }
        };
    }

    private static Predictor.Source source(ImageRows rows) {
        int[] next = new int[1];
        return (inputs, most) -> {
            int count = Math.min(most, rows.count() - next[0]);
            rows.inputs(next[0], count, inputs);
            next[0] += count;
            return count;
        };
    }

    private static Predictor.Source source(EncodedRows rows, int width) {
        return (inputs, most) -> {
            int count = 0;
            while (count < most && rows.next()) {
                rows.inputs(inputs, count * width);
                count++;
            }
            return count;
        };
    }

    private void write(Predictor predictor, Samples samples) {
        if (out.isPresent()) {
            AtomicFiles.write(
                    out.get(),
                    stream -> {
                        Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                        samples.forEachBatch(source -> predictor.write(source, writer));
                        writer.flush();
                    });
            return;
        }
        PrintWriter stdout = spec.commandLine().getOut();
        try {
            // All rows are read first, so that a bad one leaves no part of a table behind.
            double[] inputs = new double[BATCH * predictor.inputs()];
            samples.forEachBatch(
                    source -> {
                        while (source.next(inputs, BATCH) > 0) {}
                    });
            samples.forEachBatch(source -> predictor.write(source, stdout));
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot write to standard output", e);
        }
        stdout.flush();
        if (stdout.checkError()) {
            throw new StorageException("cannot write to standard output");
        }
    }
}
