package io.dfc.algorithms.formats.onnx;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.algorithms.formats.onnx.ProtoFields.MalformedException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Models in files, as far as {@link OnnxModel} can say what they hold. */
public final class OnnxFile {
    /** Name of the first dimension of inputs and outputs. */
    static final String BATCH = "batch";

    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
    private static final int FLOAT_ATTRIBUTE = 1;
    private static final int INTEGER_ATTRIBUTE = 2;

    private OnnxFile() {}

    // The numbers of fields are those of onnx.proto.

    /**
     * Writes a model. Equal models give equal bytes.
     *
     * @param out receives the bytes of the file; left open
     * @param model the model
     * @throws BadDataException if it would have 2 GiB or more, which protobuf does not allow
     * @throws IOException if writing fails
     */
    public static void write(OutputStream out, OnnxModel model) throws IOException {
        ProtoMessage message =
                new ProtoMessage()
                        .integer(1, OnnxModel.IR_VERSION)
                        .text(2, model.producer().name())
                        .text(3, model.producer().version())
                        .message(7, graph(model))
                        .message(8, new ProtoMessage().text(1, "").integer(2, OnnxModel.OPSET));
        model.metadata()
                .forEach(
                        (key, value) ->
                                message.message(
                                        14, new ProtoMessage().text(1, key).text(2, value)));
        if (message.size() > MOST_BYTES) {
            throw new BadDataException(
                    model.name(),
                    "an ONNX file has less than 2 GiB, and this network needs "
                            + message.size()
                            + " bytes; use safetensors");
        }
        message.write(out);
    }

    private static ProtoMessage graph(OnnxModel model) {
        ProtoMessage graph = new ProtoMessage();
        model.nodes().forEach(node -> graph.message(1, node(node)));
        graph.text(2, model.name());
        model.constants().forEach((name, tensor) -> graph.message(5, tensor(name, tensor)));
        graph.message(11, value(model.input()));
        model.outputs().forEach(output -> graph.message(12, value(output)));
        return graph;
    }

    private static ProtoMessage node(OnnxNode node) {
        ProtoMessage message = new ProtoMessage();
        node.inputs().forEach(input -> message.text(1, input));
        message.text(2, node.output()).text(3, node.output()).text(4, node.operation());
        new TreeMap<>(node.attributes())
                .forEach((name, value) -> message.message(5, attribute(name, value)));
        return message;
    }

    private static ProtoMessage attribute(String name, Number value) {
        ProtoMessage message = new ProtoMessage().text(1, name);
        return value instanceof Float number
                ? message.number(2, number).integer(20, FLOAT_ATTRIBUTE)
                : message.integer(3, value.longValue()).integer(20, INTEGER_ATTRIBUTE);
    }

    private static ProtoMessage tensor(String name, OnnxTensor tensor) {
        ProtoMessage message = new ProtoMessage();
        switch (tensor) {
            case OnnxTensor.Floats(Tensor numbers) -> {
                for (int d : numbers.shape()) {
                    message.integer(1, d);
                }
                message.integer(2, OnnxValue.Type.FLOAT.code())
                        .text(8, name)
                        .bytes(9, 4L * numbers.size(), out -> raw(numbers.floats(), out));
            }
            case OnnxTensor.Integers(List<Long> values) -> {
                message.integer(1, values.size()).integer(2, OnnxValue.Type.INT64.code());
                values.forEach(value -> message.integer(7, value));
                message.text(8, name);
            }
            case OnnxTensor.Texts(List<String> values) -> {
                message.integer(1, values.size()).integer(2, OnnxValue.Type.STRING.code());
                values.forEach(value -> message.text(6, value));
                message.text(8, name);
            }
        }
        return message;
    }

    private static void raw(float[] values, OutputStream out) throws IOException {
        int chunk = 1 << 14;
        ByteBuffer bytes = ByteBuffer.allocate(4 * chunk).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += chunk) {
            int n = Math.min(chunk, values.length - from);
            bytes.asFloatBuffer().put(values, from, n);
            out.write(bytes.array(), 0, 4 * n);
        }
    }

    private static ProtoMessage value(OnnxValue value) {
        ProtoMessage shape = new ProtoMessage().message(1, new ProtoMessage().text(2, BATCH));
        value.width().ifPresent(n -> shape.message(1, new ProtoMessage().integer(1, n)));
        ProtoMessage tensor = new ProtoMessage().integer(1, value.type().code()).message(2, shape);
        return new ProtoMessage()
                .text(1, value.name())
                .message(2, new ProtoMessage().message(1, tensor));
    }

    /**
     * Reads a model that this program has written.
     *
     * @param file the file
     * @return the model
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is damaged, or holds what this program does not write
     */
    public static OnnxModel read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new BadDataException(file.toString(), "has 2 GiB or more");
            }
            return model(new ProtoFields(ByteBuffer.wrap(Files.readAllBytes(file))));
        } catch (IOException e) {
            throw new StorageException("cannot read " + file + ": " + PathProblem.describe(e), e);
        } catch (MalformedException e) {
            throw new BadDataException(
                    file.toString(),
                    "is no ONNX model as this program writes them: " + e.getMessage());
        }
    }

    private static OnnxModel model(ProtoFields message) {
        ProtoFields graph = message.message(7);
        long opset = message.message(8).integer(2);
        if (message.integer(1) != OnnxModel.IR_VERSION || opset != OnnxModel.OPSET) {
            throw new MalformedException("it is of operator set " + opset);
        }
        List<ProtoFields> inputs = graph.messages(11);
        if (inputs.size() != 1) {
            throw new MalformedException("it has " + inputs.size() + " inputs");
        }
        Map<String, OnnxTensor> constants = new LinkedHashMap<>();
        graph.messages(5).forEach(tensor -> constants.put(tensor.text(8), tensor(tensor)));
        SortedMap<String, String> metadata = new TreeMap<>();
        message.messages(14).forEach(entry -> metadata.put(entry.text(1), entry.text(2)));
        return new OnnxModel(
                graph.text(2),
                new OnnxModel.Producer(message.text(2), message.text(3)),
                value(inputs.getFirst()),
                constants,
                graph.messages(1).stream().map(OnnxFile::node).toList(),
                graph.messages(12).stream().map(OnnxFile::value).toList(),
                metadata);
    }

    private static OnnxNode node(ProtoFields message) {
        Map<String, Number> attributes = new LinkedHashMap<>();
        for (ProtoFields attribute : message.messages(5)) {
            Number value =
                    switch ((int) attribute.integer(20)) {
                        case FLOAT_ATTRIBUTE -> (Number) attribute.number(2);
                        case INTEGER_ATTRIBUTE -> attribute.integer(3);
                        default -> throw new MalformedException("an attribute is no number");
                    };
            attributes.put(attribute.text(1), value);
        }
        return new OnnxNode(message.text(4), message.texts(1), message.text(2), attributes);
    }

    private static OnnxTensor tensor(ProtoFields message) {
        List<Long> shape = message.integers(1);
        long type = message.integer(2);
        if (type == OnnxValue.Type.INT64.code()) {
            return new OnnxTensor.Integers(message.integers(7));
        }
        if (type == OnnxValue.Type.STRING.code()) {
            return new OnnxTensor.Texts(message.texts(6));
        }
        List<ByteBuffer> raw = message.bytes(9);
        if (type != OnnxValue.Type.FLOAT.code() || raw.size() != 1) {
            throw new MalformedException("a constant is of no type that is written");
        }
        FloatBuffer numbers = raw.getFirst().asFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        long count = 1;
        for (long d : shape) {
            if (d < 1 || d > values.length / count) {
                throw new MalformedException("a constant has other than its numbers");
            }
            count *= d;
        }
        if (count != values.length || raw.getFirst().remaining() % Float.BYTES != 0) {
            throw new MalformedException("a constant has other than its numbers");
        }
        return new OnnxTensor.Floats(
                Tensor.wrap(values, shape.stream().mapToInt(Long::intValue).toArray()));
    }

    private static OnnxValue value(ProtoFields message) {
        ProtoFields tensor = message.message(2).message(1);
        List<ProtoFields> shape = tensor.message(2).messages(1);
        for (OnnxValue.Type type : OnnxValue.Type.values()) {
            if (type.code() == tensor.integer(1) && shape.size() <= 2) {
                return new OnnxValue(
                        message.text(1),
                        type,
                        shape.size() < 2
                                ? OptionalInt.empty()
                                : OptionalInt.of((int) shape.getLast().integer(1)));
            }
        }
        throw new MalformedException("an input or output is of no type that is written");
    }
}
