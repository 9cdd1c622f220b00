package io.dfc.bench.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.formats.ArrayFiles;
import io.dfc.algorithms.formats.NamedArrays;
import io.dfc.algorithms.formats.Npy;
import io.dfc.algorithms.formats.Npz;
import io.dfc.algorithms.formats.Safetensors;
import io.dfc.algorithms.formats.onnx.OnnxFile;
import io.dfc.algorithms.formats.onnx.OnnxTensor;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy, safetensors and PyTorch read what is written here, and the other way round. */
class IndependentReadersTest {
    @TempDir private Path folder;

    private static NamedArrays sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("W[0]", Tensor.wrap(new float[] {1.5f, -0f, Float.MIN_VALUE, 3, 4, 5}, 2, 3));
        tensors.put("b", Tensor.wrap(new double[] {Math.PI, -1e300}, 2));
        tensors.put("number", Tensor.wrap(new double[] {7}));
        tensors.put("none", Tensor.wrap(new float[0], 0, 5));
        return new NamedArrays(tensors, Map.of("note", "größe \"x\"", "program", "dfc"));
    }

    private static void assertFound(JsonNode found, Map<String, Tensor> tensors) {
        assertThat(found.propertyNames()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
        tensors.forEach(
                (name, tensor) -> {
                    JsonNode array = found.path(name);
                    assertThat(array.path(0).asString())
                            .isEqualTo(
                                    switch (tensor.type()) {
                                        case F32 -> "<f4";
                                        case F64 -> "<f8";
                                    });
                    int[] shape = new int[array.path(1).size()];
                    for (int i = 0; i < shape.length; i++) {
                        shape[i] = array.path(1).path(i).asInt();
                    }
                    assertThat(shape).isEqualTo(tensor.shape());
                    assertThat(array.path(2).asString()).isEqualTo(hex(tensor));
                });
    }

    private static String hex(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tensor.size(); i++) {
            switch (tensor.type()) {
                case F32 -> bytes.putFloat(tensor.floats()[i]);
                case F64 -> bytes.putDouble(tensor.doubles()[i]);
            }
        }
        return HexFormat.of().formatHex(bytes.array(), 0, bytes.position());
    }

    @Test
    void numpyReadsNpzAndNpy() {
        Python.require("numpy");
        Path npz = folder.resolve("a.npz");
        AtomicFiles.write(npz, out -> Npz.write(out, sample()));
        JsonNode found = Python.run(folder, "describe.py", "npz", npz.toString());
        assertFound(found.path("arrays"), sample().tensors());
        assertThat(found.path("extra").path("note").asString()).isEqualTo("größe \"x\"");
        sample().tensors()
                .forEach(
                        (name, tensor) -> {
                            Path npy = folder.resolve("a.npy");
                            AtomicFiles.write(npy, out -> Npy.write(out, tensor));
                            assertFound(
                                    Python.run(folder, "describe.py", "npy", npy.toString())
                                            .path("arrays"),
                                    Map.of("array", tensor));
                        });
    }

    @Test
    void safetensorsReadsSafetensors() {
        Python.require("numpy", "safetensors");
        Path file = folder.resolve("a.safetensors");
        AtomicFiles.write(file, out -> Safetensors.write(out, sample()));
        JsonNode found = Python.run(folder, "describe.py", "safetensors", file.toString());
        assertFound(found.path("arrays"), sample().tensors());
        assertThat(found.path("extra").path("program").asString()).isEqualTo("dfc");
    }

    @Test
    @Tag("slow")
    void pyTorchReadsSafetensors() {
        Python.require("numpy", "safetensors", "torch");
        Path file = folder.resolve("a.safetensors");
        AtomicFiles.write(file, out -> Safetensors.write(out, sample()));
        assertFound(
                Python.run(folder, "describe.py", "torch", file.toString()).path("arrays"),
                sample().tensors());
    }

    private void assertReadsWhatIsMade(String how) {
        Path file = folder.resolve(how.startsWith("npz") ? "made.npz" : "made.safetensors");
        JsonNode made = Python.run(folder, "produce.py", how, file.toString());
        Map<String, Tensor> read = ArrayFiles.read(file).tensors();
        assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(made.propertyNames());
        read.forEach(
                (name, tensor) -> {
                    JsonNode numbers = made.path(name).path(1);
                    assertThat(tensor.rank()).isEqualTo(made.path(name).path(0).size());
                    double[] expected = new double[numbers.size()];
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = numbers.path(i).asDouble();
                    }
                    assertThat(tensor.toDoubles()).as(name).isEqualTo(expected);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "npz_compressed"})
    void whatNumpyWritesIsReadHere(String how) {
        Python.require("numpy");
        assertReadsWhatIsMade(how);
    }

    @Test
    void whatSafetensorsWritesIsReadHere() {
        Python.require("numpy", "safetensors");
        assertReadsWhatIsMade("safetensors");
    }

    @Test
    @Tag("slow")
    void whatPyTorchWritesIsReadHere() {
        Python.require("numpy", "safetensors", "torch");
        assertReadsWhatIsMade("torch");
    }

    private CommandRun predictForeign(Path file, JsonNode network, String... more)
            throws IOException {
        StringBuilder table = new StringBuilder("a,b,c,d,kind\n");
        for (int i = 0; i < 60; i++) {
            table.append(i % 7).append(',').append(i % 5).append(',').append(i % 3).append(',');
            table.append(i % 11).append(',').append("xyz".charAt(i % 3)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("data.csv"), table);
        Path run = folder.resolve("run-" + file.getFileName());
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "import",
                                file.toString(),
                                "--data",
                                "csv:" + data,
                                "--target",
                                "kind",
                                "--method",
                                "dfc",
                                "--set",
                                "diagnostics.stability=warn",
                                "--out",
                                run.toString()));
        arguments.addAll(List.of(more));
        CommandRun imported = CommandRun.of(arguments);
        assertThat(imported.code()).as(imported.err()).isZero();
        Path onnx = folder.resolve(file.getFileName() + ".onnx");
        assertThat(
                        CommandRun.of(
                                        "export",
                                        run.toString(),
                                        "--onnx",
                                        onnx.toString(),
                                        "--outputs",
                                        "outputs")
                                .code())
                .isZero();
        assertForeign(onnx, network);
        return imported;
    }

    /** The table standardises its columns, so the model is given what becomes the inputs. */
    private static void assertForeign(Path onnx, JsonNode network) {
        double[] mean = new double[4];
        double[] deviation = new double[4];
        float[][] base = {new float[4], {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        assertThat(OnnxRuntime.run(onnx, base)).containsKey("outputs");
        var constants = OnnxFile.read(onnx).constants();
        for (int i = 0; i < 4; i++) {
            mean[i] = number(constants.get("mean"), i) + number(constants.get("mean_rest"), i);
            deviation[i] = number(constants.get("deviation"), i);
        }
        float[][] raw = new float[6][4];
        for (int s = 0; s < 6; s++) {
            for (int i = 0; i < 4; i++) {
                double x = network.path("x").path(s).path(i).asDouble();
                raw[s][i] = (float) (x * deviation[i] + mean[i]);
            }
        }
        float[][] said = (float[][]) OnnxRuntime.run(onnx, raw).get("outputs");
        for (int s = 0; s < 6; s++) {
            for (int k = 0; k < 3; k++) {
                assertThat((double) said[s][k])
                        .isCloseTo(network.path("y").path(s).path(k).asDouble(), within(1e-5));
            }
        }
    }

    private static double number(OnnxTensor tensor, int i) {
        return tensor instanceof OnnxTensor.Floats(Tensor t) ? t.get(t.size() == 1 ? 0 : i) : 0;
    }

    /** The command of the message that refuses the file does convert it. */
    @ParameterizedTest
    @ValueSource(strings = {"dfc", "strong"})
    @Tag("slow")
    void weightsOfTheAuthorsProgramsSayTheSameHere(String kind) throws IOException {
        Python.require("numpy", "safetensors", "torch");
        Path saved = folder.resolve(kind + ".pt");
        JsonNode network = Python.run(folder, "authors.py", kind, saved.toString());
        String refused =
                catchThrowableOfType(BadDataException.class, () -> ArrayFiles.read(saved))
                        .getMessage();
        Matcher command = Pattern.compile("python3 .*").matcher(refused);
        assertThat(command.find()).as(refused).isTrue();
        Python.shell("cd " + folder + " && " + command.group());
        CommandRun imported = predictForeign(folder.resolve(kind + ".safetensors"), network);
        assertThat(imported.out()).containsPattern("names +" + kind + "\n");
    }

    /** A checkpoint of lists in objects is flattened by the script of docs/formats.md. */
    @Test
    @Tag("slow")
    void aCheckpointOfTheSecondProgramIsFlattened() throws IOException {
        Python.require("numpy", "safetensors", "torch");
        Path saved = folder.resolve("checkpoint.pt");
        JsonNode network = Python.run(folder, "authors.py", "checkpoint", saved.toString());
        String page = Files.readString(Path.of(System.getProperty("dfc.root"), "docs/formats.md"));
        Matcher script =
                Pattern.compile("```python\n(# flatten\\.py.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(script.find()).isTrue();
        Path flatten = Files.writeString(folder.resolve("flatten.py"), script.group(1));
        Path file = folder.resolve("flat.safetensors");
        Python.shell("python3 " + flatten + " " + saved + " " + file);
        assertThat(predictForeign(file, network).out())
                .containsPattern("names +strong-checkpoint\n");
    }
}
