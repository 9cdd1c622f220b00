package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.algorithms.files.JsonProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Named tensors and text properties in a file of the safetensors format: the length of the header
 * (8 bytes, little endian), a JSON header with type, shape and place of every tensor, and the
 * numbers, little endian. The properties carry a CRC-32C of the numbers, so that a file cut short
 * or damaged is noticed.
 *
 * @param tensors tensors by name, in the order of the file
 * @param properties text properties
 */
public record TensorFile(Map<String, Tensor> tensors, Map<String, String> properties) {
    private static final int LENGTH_BYTES = 8;
    private static final int MAX_HEADER = 1 << 24;
    private static final int MAX_NESTING = 8;
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "crc32c";
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_NESTING)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** A tensor in the header. */
    @SuppressWarnings("ArrayRecordComponent") // written as it is, never compared
    private record Entry(
            ElementType dtype, int[] shape, @JsonProperty("data_offsets") long[] dataOffsets) {}

    /** Keeps the order of the tensors. */
    public TensorFile {
        tensors = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        properties = Map.copyOf(properties);
    }

    /**
     * Writes the file atomically.
     *
     * @param file the file; its folder must exist
     * @throws StorageException if the operating system refuses
     */
    public void write(Path file) {
        CRC32C crc = new CRC32C();
        long offset = 0;
        Map<String, Object> header = new LinkedHashMap<>();
        // Sorted, so that equal contents give equal bytes in every process.
        Map<String, String> metadata = new LinkedHashMap<>(new TreeMap<>(properties));
        header.put(METADATA, metadata);
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            byte[] bytes = bytes(tensor);
            crc.update(bytes);
            header.put(
                    entry.getKey(),
                    new Entry(
                            tensor.type(),
                            tensor.shape(),
                            new long[] {offset, offset + bytes.length}));
            offset += bytes.length;
        }
        metadata.put(CHECKSUM, Long.toHexString(crc.getValue()));
        byte[] text = JSON.writeValueAsBytes(header);
        AtomicFiles.write(
                file,
                out -> {
                    out.write(
                            ByteBuffer.allocate(LENGTH_BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putLong(text.length)
                                    .array());
                    out.write(text);
                    writeNumbers(out);
                });
    }

    private void writeNumbers(OutputStream out) throws IOException {
        for (Tensor tensor : tensors.values()) {
            out.write(bytes(tensor));
        }
    }

    private static byte[] bytes(Tensor tensor) {
        ByteBuffer buffer =
                ByteBuffer.allocate(tensor.size() * width(tensor.type()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        switch (tensor.type()) {
            case F32 -> buffer.asFloatBuffer().put(tensor.floats());
            case F64 -> buffer.asDoubleBuffer().put(tensor.doubles());
        }
        return buffer.array();
    }

    private static int width(ElementType type) {
        return switch (type) {
            case F32 -> Float.BYTES;
            case F64 -> Double.BYTES;
        };
    }

    /**
     * Reads a file; nothing is allocated on the word of its header alone.
     *
     * @param file the file
     * @return its contents
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is not such a file, is cut short, or its numbers do not match
     *     their checksum
     */
    public static TensorFile read(Path file) {
        byte[] all;
        try {
            long size = Files.size(file);
            if (size > Integer.MAX_VALUE - LENGTH_BYTES) {
                throw new BadDataException(
                        file.toString(), "has " + size + " bytes, more than this program reads");
            }
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot read " + file, e);
        }
        return new Reader(file, all).read();
    }

    private record Reader(Path file, byte[] all) {
        TensorFile read() {
            if (all.length < LENGTH_BYTES) {
                throw bad(
                        all.length,
                        "ends after " + all.length + " bytes, expected a header length of 8 bytes");
            }
            ByteBuffer data = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
            long length = data.getLong();
            if (length < 2 || length > MAX_HEADER) {
                throw bad(
                        0,
                        "header length "
                                + length
                                + " is not in 2.."
                                + MAX_HEADER
                                + "; not a safetensors file?");
            }
            if (length > all.length - LENGTH_BYTES) {
                throw bad(
                        all.length,
                        "is cut short: the header needs "
                                + length
                                + " bytes, there are "
                                + (all.length - LENGTH_BYTES));
            }
            int start = LENGTH_BYTES + (int) length;
            JsonNode header = header((int) length);
            Map<String, String> properties = new LinkedHashMap<>();
            header.path(METADATA)
                    .properties()
                    .forEach(p -> properties.put(p.getKey(), text(p.getKey(), p.getValue())));
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            long end = 0;
            for (Map.Entry<String, JsonNode> entry : header.properties()) {
                if (!entry.getKey().equals(METADATA)) {
                    tensors.put(
                            entry.getKey(), tensor(entry.getKey(), entry.getValue(), start, end));
                    end = entry.getValue().path("data_offsets").path(1).asLong();
                }
            }
            if (end != all.length - start) {
                throw bad(
                        start + end,
                        "holds "
                                + (all.length - start)
                                + " bytes of numbers, its header lists "
                                + end);
            }
            requireChecksum(properties, start);
            return new TensorFile(tensors, properties);
        }

        private String text(String property, JsonNode value) {
            if (!value.isString()) {
                throw bad(
                        LENGTH_BYTES,
                        "property " + property + " is " + value + ", expected a text in quotes");
            }
            return value.stringValue();
        }

        /** A number of the header, -1 where there is none that is whole. */
        private static long whole(JsonNode value) {
            return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : -1;
        }

        private JsonNode header(int length) {
            try {
                JsonNode node =
                        JSON.readTree(
                                new String(all, LENGTH_BYTES, length, StandardCharsets.UTF_8));
                if (!node.isObject()) {
                    throw bad(
                            LENGTH_BYTES, "the header is no JSON object; not a safetensors file?");
                }
                return node;
            } catch (JacksonException e) {
                throw bad(
                        LENGTH_BYTES,
                        "the header is no JSON: " + JsonProblem.of(e.getOriginalMessage()));
            }
        }

        private Tensor tensor(String name, JsonNode node, int start, long expectedBegin) {
            ElementType type =
                    switch (node.path("dtype").asString("")) {
                        case "F32" -> ElementType.F32;
                        case "F64" -> ElementType.F64;
                        default ->
                                throw bad(
                                        LENGTH_BYTES,
                                        "tensor "
                                                + name
                                                + " has type "
                                                + node.path("dtype")
                                                + ", expected F32 or F64");
                    };
            JsonNode dims = node.path("shape");
            if (!dims.isArray()) {
                throw bad(
                        LENGTH_BYTES,
                        "tensor " + name + " has shape " + dims + ", expected a list of numbers");
            }
            int[] shape = new int[dims.size()];
            long bytes = width(type);
            for (int i = 0; i < shape.length; i++) {
                long d = whole(dims.path(i));
                if (d < 0 || d > Integer.MAX_VALUE || (d > 0 && bytes > Integer.MAX_VALUE / d)) {
                    throw bad(
                            LENGTH_BYTES,
                            "tensor " + name + " has shape " + dims + ", which is out of range");
                }
                shape[i] = (int) d;
                bytes *= d;
            }
            JsonNode offsets = node.path("data_offsets");
            long begin = whole(offsets.path(0));
            long end = whole(offsets.path(1));
            if (offsets.size() != 2 || begin != expectedBegin || end - begin != bytes) {
                throw bad(
                        LENGTH_BYTES,
                        "tensor "
                                + name
                                + " lies at "
                                + offsets
                                + ", expected ["
                                + expectedBegin
                                + ","
                                + (expectedBegin + bytes)
                                + "]");
            }
            if (end > all.length - start) {
                throw bad(
                        all.length,
                        "is cut short: tensor "
                                + name
                                + " ends at byte "
                                + (start + end)
                                + ", the file at "
                                + all.length);
            }
            ByteBuffer numbers =
                    ByteBuffer.wrap(all, start + (int) begin, (int) bytes)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN);
            int count = (int) (bytes / width(type));
            return switch (type) {
                case F32 -> {
                    float[] values = new float[count];
                    numbers.asFloatBuffer().get(values);
                    yield Tensor.wrap(values, shape);
                }
                case F64 -> {
                    double[] values = new double[count];
                    numbers.asDoubleBuffer().get(values);
                    yield Tensor.wrap(values, shape);
                }
            };
        }

        private void requireChecksum(Map<String, String> properties, int start) {
            String expected = properties.remove(CHECKSUM);
            CRC32C crc = new CRC32C();
            crc.update(all, start, all.length - start);
            String found = Long.toHexString(crc.getValue());
            if (expected == null) {
                throw bad(LENGTH_BYTES, "has no checksum of its numbers, the property " + CHECKSUM);
            }
            if (!expected.equals(found)) {
                throw bad(
                        start,
                        "is damaged: checksum of its numbers is "
                                + found
                                + ", expected "
                                + expected);
            }
        }

        private BadDataException bad(long offset, String problem) {
            return new BadDataException(file.toString(), offset, problem);
        }
    }
}
