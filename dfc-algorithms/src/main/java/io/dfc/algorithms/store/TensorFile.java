package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.algorithms.files.JsonProblem;
import io.dfc.algorithms.files.StrictJson;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
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
    private static final String METADATA = "__metadata__";
    private static final String CHECKSUM = "crc32c";
    private static final JsonMapper JSON = StrictJson.mapper().build();

    /** A tensor in the header. */
    @SuppressWarnings("ArrayRecordComponent") // bound and written as it is, never compared
    private record Entry(
            ElementType dtype, int[] shape, @JsonProperty("data_offsets") long[] dataOffsets) {}

    /** The header: every other key than that of the properties is the name of a tensor. */
    private record Header(
            @JsonProperty(METADATA) Map<String, String> metadata,
            @JsonAnySetter @JsonAnyGetter Map<String, Entry> tensors) {}

    /** Keeps the order of the tensors. */
    public TensorFile {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
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
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            byte[] bytes = bytes(tensor);
            crc.update(bytes);
            entries.put(
                    entry.getKey(),
                    new Entry(
                            tensor.type(),
                            tensor.shape(),
                            new long[] {offset, offset + bytes.length}));
            offset += bytes.length;
        }
        // Sorted, so that equal contents give equal bytes in every process.
        Map<String, String> metadata = new LinkedHashMap<>(new TreeMap<>(properties));
        metadata.put(CHECKSUM, Long.toHexString(crc.getValue()));
        byte[] text = JSON.writeValueAsBytes(new Header(metadata, entries));
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
        private static final String NO_OBJECT =
                "the header is no JSON object; not a safetensors file?";

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
            Header header = header((int) length);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            long end = 0;
            for (Map.Entry<String, Entry> entry : header.tensors.entrySet()) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), start, end));
                end = entry.getValue().dataOffsets[1];
            }
            if (end != all.length - start) {
                throw bad(
                        start + end,
                        "holds "
                                + (all.length - start)
                                + " bytes of numbers, its header lists "
                                + end);
            }
            return new TensorFile(tensors, checked(header.metadata, start));
        }

        private Header header(int length) {
            try (JsonParser parser = JSON.createParser(all, LENGTH_BYTES, length)) {
                Header header;
                try {
                    header = JSON.readValue(parser, Header.class);
                } catch (DatabindException e) {
                    throw bad(LENGTH_BYTES, misfit(e, parser));
                } catch (InputCoercionException e) {
                    throw bad(
                            LENGTH_BYTES,
                            "header: expected a smaller number, got "
                                    + StrictJson.found(e, parser));
                }
                if (header == null) {
                    throw bad(LENGTH_BYTES, NO_OBJECT);
                }
                return header;
            } catch (JacksonException e) {
                throw bad(
                        LENGTH_BYTES,
                        "the header is no JSON: " + JsonProblem.of(e.getOriginalMessage()));
            }
        }

        /** What a value of the header is, and what it should be. */
        private static String misfit(DatabindException e, JsonParser parser) {
            var path = e.getPath();
            if (path.isEmpty()) {
                return NO_OBJECT;
            }
            String expected =
                    path.getFirst().getPropertyName().equals(METADATA)
                            ? "a text in quotes"
                            : path.size() == 1
                                    ? "an object of dtype, shape and data_offsets"
                                    : expected(path.get(1).getPropertyName(), path.size() == 2);
            return "header, "
                    + StrictJson.path(e)
                    + ": expected "
                    + expected
                    + ", got "
                    + StrictJson.found(e, parser);
        }

        private static String expected(String key, boolean whole) {
            return switch (key) {
                case "dtype" -> "F32 or F64";
                case "shape", "data_offsets" ->
                        whole ? "a list of whole numbers" : "a whole number";
                default -> "dtype, shape and data_offsets alone";
            };
        }

        private Tensor tensor(String name, Entry entry, int start, long expectedBegin) {
            if (entry == null
                    || entry.dtype == null
                    || entry.shape == null
                    || entry.dataOffsets == null) {
                throw bad(
                        LENGTH_BYTES,
                        "header, " + name + ": expected dtype, shape and data_offsets, none null");
            }
            ElementType type = entry.dtype;
            int[] shape = entry.shape;
            long bytes = width(type);
            for (int d : shape) {
                if (d < 0 || (d > 0 && bytes > Integer.MAX_VALUE / d)) {
                    throw bad(
                            LENGTH_BYTES,
                            "tensor "
                                    + name
                                    + " has shape "
                                    + Arrays.toString(shape)
                                    + ", which is out of range");
                }
                bytes *= d;
            }
            long[] offsets = entry.dataOffsets;
            long end = expectedBegin + bytes;
            if (!Arrays.equals(offsets, new long[] {expectedBegin, end})) {
                throw bad(
                        LENGTH_BYTES,
                        "tensor "
                                + name
                                + " lies at "
                                + Arrays.toString(offsets)
                                + ", expected ["
                                + expectedBegin
                                + ", "
                                + end
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
                    ByteBuffer.wrap(all, start + (int) expectedBegin, (int) bytes)
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

        /** The properties without the checksum, which fits. */
        private Map<String, String> checked(Map<String, String> metadata, int start) {
            Map<String, String> properties =
                    new LinkedHashMap<>(metadata == null ? Map.of() : metadata);
            if (properties.containsValue(null)) {
                throw bad(
                        LENGTH_BYTES,
                        "header, " + METADATA + ": expected texts in quotes, got null");
            }
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
            return properties;
        }

        private BadDataException bad(long offset, String problem) {
            return new BadDataException(file.toString(), offset, problem);
        }
    }
}
