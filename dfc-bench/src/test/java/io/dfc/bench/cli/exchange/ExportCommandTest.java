package io.dfc.bench.cli.exchange;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.formats.ArrayFiles;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.store.TensorFile;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.CommandRun;
import io.dfc.bench.cli.IrisRun;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ExportCommandTest {
    @TempDir private static Path shared;
    private static IrisRun iris;

    @TempDir private Path folder;

    @BeforeAll
    static void train() {
        iris = IrisRun.train(shared, 3);
    }

    private static CommandRun export(Path run, Object... options) {
        List<String> arguments = new ArrayList<>(List.of("export", run.toString()));
        for (Object option : options) {
            arguments.add(option.toString());
        }
        return CommandRun.of(arguments);
    }

    private static CommandRun done(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    private static NamedArrays read(Path file) {
        return ArrayFiles.read(file);
    }

    @Test
    void allParametersOfTheBestEpochAreWrittenWithTheirProvenance() throws IOException {
        Path npz = folder.resolve("net.npz");
        Path safetensors = folder.resolve("net.safetensors");
        CommandRun run = done(export(iris.folder(), "--npz", npz, "--safetensors", safetensors));
        Map<String, Tensor> checkpoint =
                TensorFile.read(iris.folder().resolve("checkpoint.safetensors")).tensors();

        assertThat(run.out()).contains("npz", "safetensors", "read back and equal");
        assertThat(read(npz)).isEqualTo(read(safetensors));
        read(npz)
                .tensors()
                .forEach(
                        (name, tensor) ->
                                assertThat(tensor).isEqualTo(checkpoint.get("best." + name)));
        assertThat(read(npz).tensors()).containsKeys("W[0]", "W[1]", "b[0]", "b[1]");
        assertThat(read(npz).properties())
                .containsEntry("method", "bp")
                .containsEntry("run", "run")
                .containsEntry("seed", "1")
                .containsKeys("program", "data_fingerprint", "epoch", "network");
        assertThat(read(npz).properties().get("configuration"))
                .isEqualTo(Files.readString(iris.folder().resolve("config.yaml")));
    }

    @Test
    void arraysHaveTheNamesThatAreAskedFor() {
        Path file = folder.resolve("net.safetensors");
        done(export(iris.folder(), "--safetensors", file, "--names", "dfc"));
        assertThat(read(file).tensors()).containsKeys("_layers.0._weights", "_layers.1._bias");
        done(
                export(
                        iris.folder(),
                        "--safetensors",
                        file,
                        "--force",
                        "--names",
                        "sequential",
                        "--map",
                        "b=bias{i+1}",
                        "--map",
                        "W[0]=first"));
        assertThat(read(file).tensors().keySet())
                .contains("first", "2.weight", "bias1", "bias2")
                .doesNotContain("0.weight");
    }

    @Test
    void aFileThatIsThereIsReplacedWithForceAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("net.npz"), "precious");
        Path other = folder.resolve("other.onnx");
        assertRefused(
                export(iris.folder(), "--onnx", other, "--npz", file),
                2,
                file + " is there; --force replaces it");
        assertThat(file).hasContent("precious");
        assertThat(other).doesNotExist();
        done(export(iris.folder(), "--npz", file, "--force"));
        assertThat(read(file).tensors()).isNotEmpty();
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void wrongUseIsRefusedInOneLine() {
        Path file = folder.resolve("net.onnx");
        assertRefused(export(iris.folder()), 2, "say what to write: --onnx, --npz, --safetensors");
        assertRefused(export(iris.folder(), "--onnx", file, "--npz", file), 2, "is named twice");
        assertRefused(
                export(iris.folder(), "--npz", file, "--outputs", "label"), 2, "is for --onnx");
        assertRefused(
                export(iris.folder(), "--onnx", file, "--outputs", "class"),
                2,
                "unknown output \"class\"");
        assertRefused(
                export(iris.folder(), "--onnx", file, "--outputs", "prediction"),
                2,
                "this network has no prediction; it has label, probabilities, outputs");
        assertRefused(
                export(iris.folder(), "--npz", file, "--names", "keras"),
                2,
                "unknown scheme \"keras\"; expected ours, dfc");
        assertRefused(
                export(iris.folder(), "--npz", file, "--map", "W=x"), 2, "expected OURS=THEIRS");
        assertRefused(
                export(folder, "--npz", file), 1, "run folder " + folder + " has no readable");
        assertRefused(
                export(iris.folder(), "--npz", folder.resolve("no/net.npz")), 1, "cannot write");
        assertRefused(export(iris.folder(), "--npz", folder), 1, "it is a folder");
        assertThat(folder).isEmptyDirectory();
    }

    /** Rows of a table of predictions, without the head. */
    private static List<String[]> predictions(Path run, Path table) {
        return done(CommandRun.of("predict", run.toString(), table.toString()))
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }

    @Test
    void onnxRuntimePredictsOfRawRowsWhatPredictSays() throws IOException {
        Path file = folder.resolve("net.onnx");
        CommandRun run = done(export(iris.folder(), "--onnx", file));
        assertThat(run.out())
                .contains(
                        "opset 17, input [batch, 4], label, probabilities; read back, 64 samples");
        List<String> lines = Files.readAllLines(iris.table());
        float[][] raw =
                lines.stream().skip(1).map(ExportCommandTest::numbers).toArray(float[][]::new);
        Map<String, Object> said = OnnxRuntime.run(file, raw);
        List<String[]> expected = predictions(iris.folder(), iris.table());

        assertThat(expected).hasSize(raw.length);
        for (int s = 0; s < raw.length; s++) {
            assertThat(((String[]) said.get("label"))[s]).isEqualTo(expected.get(s)[0]);
            for (int k = 0; k < 3; k++) {
                assertThat((double) ((float[][]) said.get("probabilities"))[s][k])
                        .isCloseTo(Double.parseDouble(expected.get(s)[1 + k]), within(1e-5));
            }
        }
        assertThat(OnnxRuntime.metadata(file))
                .containsEntry("method", "bp")
                .containsEntry("classes", "[\"setosa\",\"versicolor\",\"virginica\"]")
                .containsKeys(
                        "program", "run", "seed", "data_fingerprint", "configuration", "inputs");
    }

    private static float[] numbers(String line) {
        String[] cells = line.split(",", -1);
        float[] row = new float[4];
        int at = 0;
        for (String cell : cells) {
            if (cell.matches("[0-9.]+") && at < 4) {
                row[at++] = Float.parseFloat(cell);
            }
        }
        return row;
    }

    @Test
    void aRegressionPredictsInItsOwnUnit() throws IOException {
        StringBuilder text = new StringBuilder("size,kind,price\n");
        for (int i = 0; i < 60; i++) {
            text.append(40 + i)
                    .append(i % 3 == 0 ? ",flat," : ",house,")
                    .append(200_000 + 1500 * i + 7000 * (i % 3))
                    .append('\n');
        }
        Path table = Files.writeString(folder.resolve("houses.csv"), text);
        Path run = folder.resolve("run");
        done(
                CommandRun.of(
                        "train",
                        "--data",
                        "csv:" + table,
                        "--target",
                        "price",
                        "--task",
                        "regression",
                        "--method",
                        "bp",
                        "--epochs",
                        "3",
                        "--out",
                        run.toString()));
        Path file = folder.resolve("net.onnx");
        assertThat(done(export(run, "--onnx", file)).out()).contains("prediction; read back");
        float[][] raw = new float[60][];
        for (int i = 0; i < 60; i++) {
            raw[i] = new float[] {40 + i, i % 3 == 0 ? 1 : 0, i % 3 == 0 ? 0 : 1};
        }
        assertThat(OnnxRuntime.metadata(file).get("inputs"))
                .isEqualTo("[\"size\",\"kind=flat\",\"kind=house\"]");
        float[][] said = (float[][]) OnnxRuntime.run(file, raw).get("prediction");
        List<String[]> expected = predictions(run, table);
        for (int i = 0; i < 60; i++) {
            assertThat((double) said[i][0])
                    .isCloseTo(Double.parseDouble(expected.get(i)[0]), within(1e-5 * 30_000));
        }
    }

    @Test
    void anAutoencoderAndANetworkOfDfcAreExportedWhole() {
        Path dfc = folder.resolve("dfc");
        Path auto = folder.resolve("auto");
        done(CommandRun.train(dfc, "--epochs", "1"));
        done(
                CommandRun.train(
                        auto, "--data", "glyphs-autoencoder", "--method", "bp", "--epochs", "1"));
        Path arrays = folder.resolve("dfc.npz");
        done(export(dfc, "--npz", arrays, "--onnx", folder.resolve("dfc.onnx"), "--names", "dfc"));
        assertThat(read(arrays).tensors())
                .containsKeys("_layers.0._feedback_weights", "_layers.1._feedback_weights");
        assertThat(done(export(auto, "--onnx", folder.resolve("auto.onnx"))).out())
                .contains("input [batch, 784], outputs; read back");
    }
}
