package io.dfc.bench.golden;

import static io.dfc.bench.golden.GoldenFixtures.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A file that is no sound golden file is refused in one line that names the place. */
class HostileGoldenFileTest {
    @TempDir private Path folder;

    @Test
    void folderNamedLikeAFileIsUnreadable() throws Exception {
        Files.createDirectory(folder.resolve("x.json"));

        assertThat(GoldenReader.readAll(folder))
                .containsExactly(
                        new GoldenFile.Unreadable("x.json", "x.json: expected a regular file"));
    }

    @Test
    void oversizedFileIsNotRead() throws Exception {
        Path file = folder.resolve("big.json");
        try (var channel =
                Files.newByteChannel(
                        file,
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.WRITE,
                        java.nio.file.StandardOpenOption.SPARSE)) {
            channel.position(GoldenReader.MAX_BYTES);
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]));
        }

        assertThatThrownBy(() -> GoldenReader.read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("expected at most " + GoldenReader.MAX_BYTES + " bytes");
    }

    static Stream<Arguments> textsThatAreNoSoundJson() {
        String sound = GoldenFixtures.text(GoldenFixtures.SMALLEST);
        return Stream.of(
                Arguments.of("empty", "", "expected an object"),
                Arguments.of("truncated", sound.substring(0, sound.length() / 2), "not sound JSON"),
                Arguments.of("trailing", sound + " {}", "not sound JSON"),
                Arguments.of("nested", "[".repeat(1_000_000), "not sound JSON"),
                Arguments.of("no-object", "[1, 2]", "expected an object, got a list of 2"),
                Arguments.of(
                        "twice",
                        "{\"format\": \"dfc-golden\", \"format\": \"x\"}",
                        "not sound JSON"),
                Arguments.of("nan", "{\"format\": NaN}", "not sound JSON"),
                Arguments.of(
                        "long-number",
                        "{\"format\": " + "9".repeat(100_000) + "}",
                        "not sound JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("textsThatAreNoSoundJson")
    void unsoundJsonIsNamed(String name, String text, String complaint) {
        Path file = GoldenFixtures.written(folder, name + ".json", text);

        assertComplaint(file, name + ".json: ", complaint);
        assertThatThrownBy(() -> GoldenReader.read(file))
                .hasMessageNotContaining("StreamReadConstraints");
    }

    static Stream<Arguments> editsThatBreakTheSchema() {
        return Stream.of(
                edit(
                        "format",
                        r -> r.put("format", "other"),
                        "format: expected \"dfc-golden\", got \"other\""),
                edit(
                        "version",
                        r -> r.put("version", 2),
                        "version: expected a whole number in 1..1, got 2"),
                edit(
                        "no version",
                        r -> r.remove("version"),
                        "version: expected a value, got nothing"),
                edit(
                        "kind",
                        r -> r.put("kind", "static"),
                        "kind: expected dynamics, analytic, feedback, training, strong or diagnostics, got"),
                edit(
                        "sizes",
                        r -> at(r, "network").putArray("sizes").add(3),
                        "network.sizes: expected an input size"),
                edit(
                        "huge layer",
                        r -> at(r, "network").putArray("sizes").add(3).add(2_000_000_000).add(1),
                        "network.sizes[1]: expected a whole number in 1..16777216, got 2000000000"),
                edit(
                        "activations",
                        r -> at(r, "network").putArray("activations").add("tanh"),
                        "network.activations: expected a list of 2, got a list of 1"),
                edit(
                        "activation",
                        r -> ((ArrayNode) at(r, "network").get("activations")).set(1, "softplus"),
                        "network.activations[1]: expected tanh, relu, leakyrelu, sigmoid or linear"),
                edit(
                        "bias",
                        r -> at(r, "network").put("bias", "yes"),
                        "network.bias: expected true or false, got \"yes\""),
                edit(
                        "weights of another shape",
                        r -> ints(tensor(r, "parameters", "W", 0), "shape", 3, 1),
                        "parameters.W[0].shape: expected [1, 3], got [3, 1]"),
                edit(
                        "shape that promises more than the data",
                        r ->
                                ints(
                                        tensor(r, "parameters", "W", 0),
                                        "shape",
                                        2_000_000_000,
                                        2_000_000_000),
                        "parameters.W[0].data: expected as many elements as the shape"),
                edit(
                        "negative dimension",
                        r -> ints(tensor(r, "parameters", "W", 0), "shape", -1, 3),
                        "parameters.W[0].shape[0]: expected a whole number in 0..2147483647, got -1"),
                edit(
                        "too many dimensions",
                        r ->
                                ints(
                                        tensor(r, "parameters", "W", 0),
                                        "shape",
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        1,
                                        3),
                        "parameters.W[0].shape: expected at most 8 dimensions"),
                edit(
                        "text among numbers",
                        r ->
                                ((ArrayNode) tensor(r, "parameters", "b", 1).get("data"))
                                        .set(0, "NaN"),
                        "parameters.b[1].data[0]: expected a finite number, got \"NaN\""),
                edit(
                        "missing bias",
                        r -> at(r, "parameters").remove("b"),
                        "parameters.b: expected a value, got nothing"),
                edit(
                        "loss",
                        r -> r.put("loss", "hinge"),
                        "loss: expected cross_entropy or mse, got \"hinge\""),
                edit(
                        "samples differ",
                        r -> at(r, "minibatch").set("y", tensorOf(new int[] {2, 1}, 1, 2)),
                        "minibatch.y.shape: expected [1, 1], got [2, 1]"),
                edit(
                        "no sample",
                        r -> at(r, "minibatch").set("x", tensorOf(new int[] {0, 3})),
                        "minibatch.x.shape: expected [B, 3] with at least one sample"),
                edit(
                        "label",
                        r -> {
                            r.put("loss", "cross_entropy");
                            at(r, "minibatch").set("labels", tensorOf(new int[] {1}, 1));
                        },
                        "minibatch.labels.data[0]: expected a class in 0..0"),
                edit(
                        "endless simulation",
                        r -> at(r, "settings.controller").put("time_points", 2_000_000_000),
                        "settings.controller.time_points: expected a whole number in 2..1000000"),
                edit(
                        "negative time step",
                        r -> at(r, "settings.controller").put("time_step", -0.1),
                        "time-step: must be a finite number above 0, got -0.1"),
                edit(
                        "misspelt key of the loop",
                        r -> at(r, "settings.controller").put("noise_sgima", 0.1),
                        "settings.controller.noise_sgima: expected one of the keys proportional_gain,"),
                edit(
                        "misspelt key of the network",
                        r -> at(r, "network").put("leaky_relu_slop", 0.1),
                        "network.leaky_relu_slop: expected one of the keys sizes, activations, bias,"),
                edit(
                        "text for a number of the loop",
                        r -> at(r, "settings.controller").put("leakage", "NaN"),
                        "settings.controller.leakage: expected a finite number, got \"NaN\""),
                edit(
                        "infinite gain",
                        r ->
                                at(r, "settings.controller")
                                        .put(
                                                "proportional_gain",
                                                new java.math.BigDecimal("1e999")),
                        "settings.controller.proportional_gain: expected a finite number"),
                edit(
                        "list for an optional number",
                        r -> at(r, "settings.controller").putArray("noise_sigma").add(0.1),
                        "settings.controller.noise_sigma: expected a finite number, got a list of 1"),
                edit(
                        "null for a number of the loop",
                        r -> at(r, "settings.controller").putNull("leakage"),
                        "settings.controller.leakage: expected a value, got null"),
                edit(
                        "missing flag of the loop",
                        r -> at(r, "settings.controller").remove("proactive_controller"),
                        "settings.controller.proactive_controller: expected a value, got nothing"),
                edit(
                        "fraction of a time point",
                        r -> at(r, "settings.controller").put("time_points", 60.5),
                        "settings.controller.time_points: expected a whole number, got 60.5"),
                edit(
                        "time points beyond every integer",
                        r -> at(r, "settings.controller").put("time_points", 5_000_000_000L),
                        "settings.controller.time_points: expected a whole number, got 5000000000"),
                edit(
                        "null among sizes",
                        r -> at(r, "network").putArray("sizes").add(3).addNull().add(1),
                        "network.sizes[1]: expected a whole number, got null"),
                edit(
                        "object for a list",
                        r -> at(r, "network").putObject("sizes"),
                        "network.sizes: expected a list, got an object"),
                edit(
                        "number for a name",
                        r -> ((ArrayNode) at(r, "network").get("activations")).set(1, 0),
                        "network.activations[1]: expected tanh, relu, leakyrelu, sigmoid or linear, got 0"),
                edit(
                        "no noise for a sigma",
                        r -> at(r, "settings.controller").put("noise_sigma", 0.1),
                        "noise: expected a value, got nothing"),
                edit(
                        "recording beyond the end",
                        r ->
                                ((ObjectNode) at(r, "expected.trajectory").get("time_index"))
                                        .set(
                                                "data",
                                                tensorOf(new int[] {6}, 0, 1, 2, 3, 4, 60)
                                                        .get("data")),
                        "time point 60 lies beyond the last one"),
                edit(
                        "mode",
                        r ->
                                ((ObjectNode) at(r, "expected").get("updates").get(0))
                                        .put("mode", "analytic"),
                        "expected.updates[0].mode: expected continuous, continuous_running or steady_state"),
                edit(
                        "rule",
                        r ->
                                ((ObjectNode) at(r, "expected").get("updates").get(0))
                                        .put("learning_rule", "hebb"),
                        "expected.updates[0].learning_rule: expected voltage_difference"),
                edit(
                        "measure",
                        r -> at(r, "comparison").put("updates.grad_W", "median"),
                        "comparison.updates.grad_W: expected relative, absolute, cosine or exact"),
                edit(
                        "nothing to compare",
                        r -> r.putObject("comparison"),
                        "comparison: expected at least one quantity"),
                edit(
                        "quantity that is not there",
                        r -> at(r, "comparison").put("updates.grad_Q", "relative"),
                        "comparison.updates.grad_Q: expected such a quantity in \"expected\", found none"),
                edit(
                        "deviation",
                        r -> at(r, "float32_deviation").put("updates.grad_W", -1),
                        "float32_deviation.updates.grad_W: expected a number of at least 0, got -1"),
                edit(
                        "expected infinity",
                        r ->
                                at(r, "expected.feedforward")
                                        .put("loss", new java.math.BigDecimal("1e999")),
                        "expected.feedforward.loss: expected a finite number"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("editsThatBreakTheSchema")
    void brokenSchemaIsNamedWithItsPlace(String name, Consumer<ObjectNode> edit, String complaint) {
        Path file = GoldenFixtures.edited(folder, GoldenFixtures.SMALLEST, edit);

        assertComplaint(file, GoldenFixtures.SMALLEST + ": ", complaint);
    }

    @Test
    void optimizerOfAnotherTypeIsNamed() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.TRAINING,
                        root -> at(root, "settings.optimizer").put("type", "RMSprop"));

        assertComplaint(
                file, GoldenFixtures.TRAINING, "settings.optimizer.type: expected Adam or SGD");
    }

    @Test
    void learningRatesMustBeOneOrOnePerLayer() {
        Path file =
                GoldenFixtures.edited(
                        folder,
                        GoldenFixtures.TRAINING,
                        root -> at(root, "settings.optimizer").putArray("lr").add(0.1).add(0.2));

        assertComplaint(
                file,
                GoldenFixtures.TRAINING,
                "needs 1 value or one for each of the 3 layers, got 2");
    }

    private static void assertComplaint(Path file, String start, String complaint) {
        List<GoldenFile> files = GoldenReader.readAll(file);
        assertThat(files).singleElement().isInstanceOf(GoldenFile.Unreadable.class);
        assertThat(((GoldenFile.Unreadable) files.getFirst()).message())
                .startsWith(start)
                .contains(complaint)
                .doesNotContain("\n");
    }

    private static Arguments edit(String name, Consumer<ObjectNode> edit, String complaint) {
        return Arguments.of(name, edit, complaint);
    }

    private static ObjectNode tensor(ObjectNode root, String section, String name, int layer) {
        return (ObjectNode) root.get(section).get(name).get(layer);
    }

    private static ObjectNode tensorOf(int[] shape, double... data) {
        ObjectNode tensor = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        ints(tensor, "shape", shape);
        ArrayNode values = tensor.putArray("data");
        for (double d : data) {
            values.add(d);
        }
        return tensor;
    }

    private static void ints(ObjectNode node, String key, int... values) {
        ArrayNode array = node.putArray(key);
        for (int v : values) {
            array.add(v);
        }
    }
}
