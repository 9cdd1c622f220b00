package io.dfc.algorithms.fuzz;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.csv.CsvFile;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.csv.CsvTask;
import io.dfc.algorithms.data.csv.EncodedRows;
import io.dfc.algorithms.data.idx.IdxFolder;
import io.dfc.algorithms.data.idx.ImageRows;
import io.dfc.algorithms.formats.Npy;
import io.dfc.algorithms.formats.Npz;
import io.dfc.algorithms.formats.Safetensors;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.store.RunDevice;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunInfo;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.algorithms.store.TensorFile;
import io.dfc.algorithms.store.TrainingSize;
import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Every reader of files that may come from anywhere. A further one is one more entry here. */
final class FuzzTargets {
    private static final CsvOptions CLASSES = new CsvOptions(Optional.of("kind"), CsvTask.AUTO);

    private static final CsvOptions NUMBERS =
            new CsvOptions(Optional.of("y"), CsvTask.REGRESSION).withMissing(MissingPolicy.MEAN);

    private static final FittedEncoding IMAGES =
            new FittedEncoding(
                    new ImageEncoding(
                            FuzzSeeds.PIXELS,
                            255,
                            Normalization.MNIST,
                            new TargetEncoding.Classes(List.of("0", "1"))),
                    "run r");

    /** What a text column of a table may become: 50 inputs, for each of its cells. */
    private static final int TABLE = 2000;

    private FuzzTargets() {}

    /** {@return all of them} */
    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "idx-images",
                        "train-images-idx3-ubyte",
                        64,
                        FuzzSeeds.images(),
                        FuzzTargets::images),
                new FuzzTarget(
                        "idx-labels",
                        "train-labels-idx1-ubyte",
                        64,
                        FuzzSeeds.labels(),
                        FuzzTargets::labels),
                new FuzzTarget(
                        "idx-predict",
                        "images.idx",
                        64,
                        FuzzSeeds.images(),
                        file -> ImageRows.read(file, IMAGES)),
                new FuzzTarget(
                        "csv-classes",
                        "classes.csv",
                        TABLE,
                        FuzzSeeds.classes(),
                        file -> CsvFile.load(file, CLASSES, true, Optional.empty())),
                new FuzzTarget(
                        "csv-numbers",
                        "numbers.csv",
                        TABLE,
                        FuzzSeeds.numbers(),
                        file -> CsvFile.load(file, NUMBERS, true, Optional.empty())),
                new FuzzTarget(
                        "csv-predict", "rows.csv", TABLE, FuzzSeeds.classes(), FuzzTargets::rows),
                new FuzzTarget(
                        "yaml",
                        "config.yaml",
                        2000,
                        FuzzSeeds.configurations(),
                        file -> RunConfigurations.load(file.toString(), List.of())),
                new FuzzTarget(
                        "safetensors",
                        "tensors.safetensors",
                        200,
                        FuzzSeeds.checkpoints(),
                        TensorFile::read),
                new FuzzTarget(
                        "checkpoint",
                        "checkpoint.safetensors",
                        200,
                        FuzzSeeds.checkpoints(),
                        FuzzTargets::checkpoint),
                new FuzzTarget(
                        "model", "model.safetensors", 500, FuzzSeeds.models(), FuzzTargets::model),
                new FuzzTarget(
                        "safetensors-any",
                        "weights.safetensors",
                        200,
                        FuzzSeeds.checkpoints(),
                        Safetensors::read),
                new FuzzTarget("npy", "array.npy", 200, FuzzSeeds.arrays(), Npy::read),
                new FuzzTarget("npz", "arrays.npz", 200, FuzzSeeds.archives(), Npz::read),
                new FuzzTarget(
                        "data-json",
                        "data.json",
                        500,
                        FuzzSeeds.records(),
                        file -> DataRecord.read(folder(file))),
                new FuzzTarget(
                        "metrics",
                        "metrics.jsonl",
                        500,
                        FuzzSeeds.metrics(),
                        FuzzTargets::recorder),
                new FuzzTarget(
                        "times", "times.json", 500, FuzzSeeds.times(), FuzzTargets::recorder),
                new FuzzTarget(
                        "summary", "summary.json", 500, FuzzSeeds.summaries(), RunSummary::read),
                new FuzzTarget("lease", "lease.json", 500, FuzzSeeds.leases(), FuzzTargets::lease));
    }

    /**
     * Finds one.
     *
     * @param name its name
     */
    static FuzzTarget named(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no target \"" + name + "\"; there are " + all()));
    }

    private static RunFolder folder(Path file) {
        return new RunFolder(file.getParent());
    }

    /** The labels fit the images if those are as many as they were. */
    private static void images(Path file) throws IOException {
        Path labels = beside(file, FuzzSeeds.labels().getFirst());
        load(new IdxFolder(file, labels, file, labels));
    }

    private static void labels(Path file) throws IOException {
        Path images = beside(file, FuzzSeeds.images().getFirst());
        load(new IdxFolder(images, file, images, file));
    }

    private static Path beside(Path file, byte[] sound) throws IOException {
        Path other = file.resolveSibling("sound-" + file.getFileName());
        return Files.exists(other) ? other : Files.write(other, sound);
    }

    private static void load(IdxFolder folder) {
        folder.load("idx", Optional.empty(), Optional.empty(), true, Optional.empty());
    }

    private static void rows(Path file) {
        double[] inputs = new double[FuzzSeeds.FITTED.encoding().inputs()];
        try (EncodedRows rows = EncodedRows.open(file, FuzzSeeds.FITTED, CsvOptions.DEFAULT)) {
            while (rows.next()) {
                rows.inputs(inputs, 0);
            }
        }
    }

    /** A fuzzer cannot guess a checksum, so this one is put right first. */
    private static void checkpoint(Path file) throws IOException {
        Files.write(file, Checksums.mended(Files.readAllBytes(file)));
        Checkpoint.read(file);
    }

    private static void model(Path file) throws IOException {
        Files.write(file, Checksums.mended(Files.readAllBytes(file)));
        Checksums.mendProperties(file);
        ModelFile.read(file);
    }

    /** A run that goes on after two epochs. */
    private static void recorder(Path file) {
        Progress done = new Progress(1, 2, 3, 4, BestEpoch.NONE, Evaluation.NONE, 1, 1);
        RunInfo info =
                new RunInfo(
                        "dfc",
                        "glyphs",
                        "f00",
                        "auto",
                        new RunDevice("reference", "cpu"),
                        1,
                        10,
                        "0");
        new RunRecorder(folder(file), info, new TrainingSize(10, 5), 0, done).backends();
    }

    /** Whoever holds it, a lease tells nothing worse than that. */
    private static void lease(Path file) {
        RunLease.isHeld(file.getParent());
        RunLease.requireFree(file.getParent());
        try (RunLease lease = RunLease.acquire(file.getParent())) {
            lease.requireHeld();
        } catch (StorageException e) {
            throw new AssertionError("a lease that says nothing holds nobody off", e);
        }
    }
}
