package io.dfc.algorithms.fuzz;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.formats.Npy;
import io.dfc.algorithms.formats.Npz;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.CheckpointSamples;
import io.dfc.algorithms.store.DataRecord;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.tensor.Tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small sound files of every kind. */
final class FuzzSeeds {
    /** Of each image. */
    static final int PIXELS = 2;

    /** How a table was read when a run learnt from it. */
    static final FittedEncoding FITTED =
            new FittedEncoding(
                    new TableEncoding(
                            "kind",
                            List.of(
                                    new ColumnEncoding.Numeric("a", 0.5, 2),
                                    new ColumnEncoding.Category("c", List.of("u", "v"), 1)),
                            MissingPolicy.MEAN,
                            new TargetEncoding.Classes(List.of("x", "y"))),
                    "run r");

    private static final int SAMPLES = 12;

    private FuzzSeeds() {}

    static List<byte[]> images() {
        byte[] bytes = new byte[SAMPLES * PIXELS];
        ByteBuffer doubles =
                ByteBuffer.allocate(12 + SAMPLES * PIXELS * Double.BYTES)
                        .putInt(0xE02)
                        .putInt(SAMPLES)
                        .putInt(PIXELS);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (9 * i);
            doubles.putDouble(0.5 * i);
        }
        byte[] images = IdxFiles.images(SAMPLES, 1, PIXELS, bytes);
        return List.of(images, IdxFiles.gzip(images), doubles.array());
    }

    static List<byte[]> labels() {
        byte[] classes = new byte[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            classes[i] = (byte) (i % 2);
        }
        byte[] labels = IdxFiles.labels(SAMPLES, classes);
        return List.of(labels, IdxFiles.gzip(labels));
    }

    static List<byte[]> classes() {
        String row = "1,u,x\n-2.5,v,y\n";
        String plain = "a,c,kind\n" + row.repeat(SAMPLES / 2);
        return Stream.of(
                        bytes(plain),
                        IdxFiles.gzip(bytes(plain)),
                        bytes(plain.replace(',', ';').replace("-2.5", "-2,5")),
                        bytes(plain.replace("u", "\"u \"\" , \n\"")),
                        ("\uFEFF" + plain).getBytes(StandardCharsets.UTF_16LE),
                        bytes("sep=\t\n" + plain.replace(',', '\t')))
                .toList();
    }

    static List<byte[]> numbers() {
        StringBuilder rows = new StringBuilder("a,b,y\n");
        for (int i = 0; i < SAMPLES; i++) {
            rows.append(i).append(i % 5 == 0 ? ",," : ",1e-3,").append(7.25 - i).append("\r\n");
        }
        return List.of(
                bytes(rows.toString()),
                bytes(rows.toString().replace(",1e-3", ",\"1,234.5\"").replace("a,", "\"a\",")));
    }

    static List<byte[]> configurations() {
        String all = RunConfigurations.toYaml(RunConfigurations.defaults());
        return List.of(
                bytes(all),
                bytes("method: bp\nepochs: 3\nnetwork:\n  hidden: [4, 4]\n"),
                bytes("{\"method\": \"dfc\", \"control\": {\"time-step\": 0.1}, \"seed\": 7}\n"));
    }

    static List<byte[]> checkpoints() {
        return List.of(
                written(
                        "checkpoint.safetensors",
                        run ->
                                Checkpoint.write(
                                        run.checkpoint(), CheckpointSamples.snapshot(true))),
                written(
                        "checkpoint.safetensors",
                        run ->
                                Checkpoint.write(
                                        run.checkpoint(), CheckpointSamples.snapshot(false))));
    }

    static List<byte[]> models() {
        TrainingSnapshot snapshot = CheckpointSamples.snapshot(true);
        DataRecord record =
                new DataRecord("csv:/a.csv", "f00", 8, 1, 1, Optional.of(FITTED.encoding()));
        return List.of(
                written(
                        "model.safetensors",
                        run ->
                                new ModelFile(
                                                RunConfigurations.defaults(),
                                                record,
                                                snapshot.state(),
                                                snapshot.progress())
                                        .write(run.path().resolve("model.safetensors"))));
    }

    static List<byte[]> arrays() {
        return List.of(
                array(Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)),
                array(Tensor.wrap(new double[] {1e300, -0.0}, 2)));
    }

    private static byte[] array(Tensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Npy.write(out, tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** As NumPy writes them: stored, and packed. */
    static List<byte[]> archives() {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            Npz.write(
                    stored,
                    new NamedArrays(
                            Map.of("W[0]", Tensor.wrap(new float[] {1, 2}, 1, 2)),
                            Map.of("key", "value")));
            zip.putNextEntry(new ZipEntry("a.npy"));
            zip.write(arrays().getFirst());
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(stored.toByteArray(), packed.toByteArray());
    }

    static List<byte[]> records() {
        DataEncoding images =
                new ImageEncoding(
                        784, 255, Normalization.MNIST, new TargetEncoding.Scale(0.25, 1.5));
        return Stream.of(Optional.of(FITTED.encoding()), Optional.of(images))
                .map(e -> new DataRecord("csv:/a.csv", "f00", 8, 1, 1, e))
                .map(record -> written("data.json", record::write))
                .toList();
    }

    static List<byte[]> metrics() {
        String line =
                "{\"epoch\":1,\"train_loss\":0.5,\"train_error\":null,\"best\":true,\"seconds\":0.1,"
                        + "\"backend\":\"reference\",\"device\":\"cpu\"}\n";
        return List.of(bytes(line + line.replace(":1,", ":2,")));
    }

    static List<byte[]> times() {
        return List.of(bytes("{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1.0,2.25]}\n"));
    }

    static List<byte[]> summaries() {
        return List.of(
                bytes(
                        """
                        {
                          "method" : "dfc",
                          "data" : "glyphs",
                          "data_fingerprint" : "f00",
                          "solver" : "auto",
                          "backend" : "cpu-simd",
                          "device" : "cpu",
                          "backends" : [ {"backend" : "cpu-simd", "device" : "cpu", "from" : 1, "to" : 2} ],
                          "seed" : 1,
                          "epochs" : 2,
                          "test_error" : 0.25,
                          "val_error" : null,
                          "seconds_total" : 1.5,
                          "parameters" : 1234,
                          "stopped" : "all epochs",
                          "version" : "0.1.0"
                        }
                        """));
    }

    static List<byte[]> leases() {
        String lease =
                "{\"host\":\"elsewhere\",\"machine\":\"m\",\"process\":7,\"started\":5,"
                        + "\"heartbeat\":\"2020-01-01T00:00:00Z\",\"token\":\"t\"}";
        return List.of(bytes(lease));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private interface Writer {
        void write(RunFolder run);
    }

    private static byte[] written(String name, Writer writer) {
        try {
            Path folder = Files.createTempDirectory("dfc-seed");
            writer.write(new RunFolder(folder));
            Path file = folder.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(folder);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
