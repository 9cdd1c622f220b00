package io.dfc.bench.cli.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.formats.onnx.OnnxEvaluator;
import io.dfc.algorithms.formats.onnx.OnnxFile;
import io.dfc.algorithms.formats.onnx.OnnxModel;
import io.dfc.algorithms.formats.onnx.OnnxOutput;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class OnnxNetworkTest {
    private static final double TOLERANCE = 1e-5;
    private static final int FEW = 3;
    private static final OnnxModel.Producer PRODUCER = new OnnxModel.Producer("dfc", "1.2");

    @TempDir private Path folder;

    static List<Networks.Case> networks() {
        return Networks.all();
    }

    private static OnnxModel model(Networks.Case network) {
        return network.onnx()
                .model("net", PRODUCER, network.onnx().possible(), Map.of("seed", "7"));
    }

    private Path written(OnnxModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OnnxFile.write(out, model);
        return Files.write(folder.resolve("net.onnx"), out.toByteArray());
    }

    /** What the outputs should be, from the rates of the reference. */
    private static void assertSame(
            Networks.Case network, double[][] rates, String output, double[][] found) {
        TargetEncoding targets = network.onnx().encoding().map(DataEncoding::targets).orElse(null);
        for (int s = 0; s < rates.length; s++) {
            double[] expected = rates[s];
            double unit = 1;
            if (output.equals("probabilities")) {
                int classes = ((TargetEncoding.Classes) targets).names().size();
                expected = softmax(Arrays.copyOf(rates[s], classes));
            } else if (output.equals("prediction")) {
                TargetEncoding.Scale scale = (TargetEncoding.Scale) targets;
                expected = Arrays.stream(rates[s]).map(scale::decode).toArray();
                unit = scale.deviation();
            }
            assertThat(found[s]).hasSize(expected.length);
            for (int k = 0; k < expected.length; k++) {
                assertThat(found[s][k]).isCloseTo(expected[k], within(TOLERANCE * unit));
            }
        }
    }

    private static double[] softmax(double[] rates) {
        double most = Arrays.stream(rates).max().orElseThrow();
        double[] e = Arrays.stream(rates).map(r -> Math.exp(r - most)).toArray();
        double sum = Arrays.stream(e).sum();
        return Arrays.stream(e).map(x -> x / sum).toArray();
    }

    private static List<String> labels(Networks.Case network, double[][] rates) {
        List<String> names =
                ((TargetEncoding.Classes) network.onnx().encoding().orElseThrow().targets())
                        .names();
        List<String> labels = new ArrayList<>();
        for (double[] row : rates) {
            int best = 0;
            for (int k = 1; k < names.size(); k++) {
                best = row[k] > row[best] ? k : best;
            }
            labels.add(names.get(best));
        }
        return labels;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void onnxRuntimeSaysWhatTheReferenceSays(Networks.Case network) throws IOException {
        Map<String, Object> results = OnnxRuntime.run(written(model(network)), network.raw());
        double[][] rates = network.rates();

        assertThat(results).hasSameSizeAs(network.onnx().possible());
        results.forEach(
                (name, value) -> {
                    if (value instanceof String[] names) {
                        assertThat(names).containsExactlyElementsOf(labels(network, rates));
                    } else {
                        assertSame(network, rates, name, doubles((float[][]) value));
                    }
                });
    }

    private static double[][] doubles(float[][] rows) {
        double[][] out = new double[rows.length][];
        for (int s = 0; s < rows.length; s++) {
            out[s] = new double[rows[s].length];
            for (int k = 0; k < out[s].length; k++) {
                out[s][k] = rows[s][k];
            }
        }
        return out;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aFileComesBackAsTheModelAndSaysTheSame(Networks.Case network) throws IOException {
        OnnxModel model = model(network);
        OnnxModel back = OnnxFile.read(written(model));
        assertThat(back).isEqualTo(model);

        float[] flat = new float[Networks.SAMPLES * network.raw()[0].length];
        for (int s = 0; s < Networks.SAMPLES; s++) {
            System.arraycopy(
                    network.raw()[s],
                    0,
                    flat,
                    s * network.raw()[s].length,
                    network.raw()[s].length);
        }
        OnnxEvaluator.Results results =
                OnnxEvaluator.evaluate(
                        back, Tensor.wrap(flat, Networks.SAMPLES, network.raw()[0].length));
        double[][] rates = network.rates();
        results.numbers()
                .forEach(
                        (name, tensor) -> {
                            double[][] rows = new double[tensor.dim(0)][tensor.dim(1)];
                            for (int i = 0; i < tensor.size(); i++) {
                                rows[i / tensor.dim(1)][i % tensor.dim(1)] = tensor.get(i);
                            }
                            assertSame(network, rates, name, rows);
                        });
        results.texts()
                .values()
                .forEach(names -> assertThat(names).isEqualTo(labels(network, rates)));
    }

    /** By the checker of ONNX, and by the evaluator that comes with it. */
    @Test
    void theCheckerOfOnnxPasses() throws IOException {
        Python.require("numpy", "onnx");
        List<Networks.Case> networks = networks();
        List<String> files = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            Path file = folder.resolve(n + ".onnx");
            Files.copy(written(model(networks.get(n))), file);
            Files.writeString(
                    folder.resolve(n + ".onnx.json"),
                    JsonMapper.shared()
                            .writeValueAsString(Arrays.copyOf(networks.get(n).raw(), FEW)));
            files.add(file.toString());
        }
        JsonNode said = Python.run(folder, "check_onnx.py", files.toArray(String[]::new));
        for (int n = 0; n < networks.size(); n++) {
            assertChecked(networks.get(n), said.path(n));
        }
    }

    private static void assertChecked(Networks.Case network, JsonNode said) {
        assertThat(said.path("producer").asString()).isEqualTo("dfc");
        assertThat(said.path("opset").path("").asInt()).isEqualTo(17);
        assertThat(said.path("ir").asInt()).isEqualTo(8);
        assertThat(said.path("metadata").path("seed").asString()).isEqualTo("7");
        double[][] rates = Arrays.copyOf(network.rates(), FEW);
        for (OnnxOutput output : network.onnx().possible()) {
            JsonNode rows = said.path("outputs").path(output.label());
            if (output == OnnxOutput.LABEL) {
                List<String> names = new ArrayList<>();
                rows.forEach(row -> names.add(row.asString()));
                assertThat(names).isEqualTo(labels(network, rates));
            } else {
                double[][] found = new double[FEW][rows.path(0).size()];
                for (int s = 0; s < FEW; s++) {
                    for (int k = 0; k < found[s].length; k++) {
                        found[s][k] = rows.path(s).path(k).asDouble();
                    }
                }
                assertSame(network, rates, output.label(), found);
            }
        }
    }

    @Test
    void anOutputThatANetworkDoesNotHaveIsRefused() {
        Networks.Case autoencoder =
                networks().stream()
                        .filter(n -> n.name().equals("autoencoder"))
                        .findFirst()
                        .orElseThrow();
        assertThatThrownBy(
                        () ->
                                autoencoder
                                        .onnx()
                                        .model("x", PRODUCER, List.of(OnnxOutput.LABEL), Map.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("this network has no label; it has outputs");
    }

    @Test
    void aFileThatIsCutShortOrDamagedIsAnErrorAtWorst() throws IOException {
        Networks.Case network = networks().get(6);
        byte[] whole = Files.readAllBytes(written(model(network)));
        for (int length = 0; length < whole.length; length++) {
            readHostile(Arrays.copyOf(whole, length));
            byte[] damaged = whole.clone();
            damaged[length] ^= (byte) (1 << length % 8);
            readHostile(damaged);
        }
    }

    private void readHostile(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("hostile.onnx"), bytes);
        try {
            OnnxFile.read(file);
        } catch (BadDataException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }
}
