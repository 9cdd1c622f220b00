package io.dfc.algorithms.formats;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Checksum;

/**
 * The format safetensors: the length of the header (8 bytes, little endian), a JSON header with
 * type, shape and place of every array, and the numbers, little endian and without gaps.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class Safetensors {
    static final int LENGTH_BYTES = 8;
    static final int MAX_HEADER = 1 << 24;

    /** Numbers begin at a multiple of this, for those who map the file into memory. */
    private static final int ALIGNMENT = 8;

    private Safetensors() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its arrays and properties
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is not such a file, is cut short, or has numbers of a type
     *     that is not read
     */
    public static NamedArrays read(Path file) {
        return read(file, NumberType.ALL, new Adler32());
    }

    /**
     * Reads a file whose numbers are of some types, and forms a checksum of them.
     *
     * @param file the file
     * @param types types of numbers that it may have
     * @param checksum receives the bytes of all numbers, in the order of the file
     * @return its arrays and properties
     * @throws StorageException if it cannot be read
     * @throws BadDataException as {@link #read(Path)}
     */
    public static NamedArrays read(Path file, Set<NumberType> types, Checksum checksum) {
        try (FileInputStream raw = ArrayFiles.open(file);
                InputStream in = new BufferedInputStream(raw)) {
            return read(file.toString(), in, Files.size(file), types, checksum);
        } catch (IOException e) {
            throw ArrayFiles.failure(file, e);
        }
    }

    private static NamedArrays read(
            String source, InputStream in, long size, Set<NumberType> types, Checksum checksum)
            throws IOException {
        SafetensorsHeader header = header(source, in, size, types);
        long start = size - header.numbers();
        ArrayReader.requireMemory(
                source, header.layouts().values().stream().mapToLong(ArrayLayout::memory).sum());
        ArrayReader reader = new ArrayReader(source, new CheckedInputStream(in, checksum));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, ArrayLayout> entry : header.layouts().entrySet()) {
            tensors.put(entry.getKey(), reader.read(entry.getKey(), entry.getValue()));
        }
        if (in.read() >= 0) {
            throw new BadDataException(source, start, "grew while it was read");
        }
        return new NamedArrays(tensors, header.properties());
    }

    private static SafetensorsHeader header(
            String source, InputStream in, long size, Set<NumberType> types) throws IOException {
        byte[] prefix = in.readNBytes(LENGTH_BYTES);
        if (prefix.length < LENGTH_BYTES) {
            throw new BadDataException(
                    source,
                    prefix.length,
                    "ends after " + prefix.length + " bytes, expected a header length of 8 bytes");
        }
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MAX_HEADER) {
            throw new BadDataException(
                    source,
                    0,
                    "header length "
                            + length
                            + " is not in 2.."
                            + MAX_HEADER
                            + "; not a safetensors file?");
        }
        if (length > size - LENGTH_BYTES) {
            throw new BadDataException(
                    source,
                    size,
                    "is cut short: the header needs "
                            + length
                            + " bytes, there are "
                            + (size - LENGTH_BYTES));
        }
        return SafetensorsHeader.parse(
                source, in.readNBytes((int) length), size - LENGTH_BYTES - length, types);
    }

    /**
     * Writes arrays in their order. Equal contents give equal bytes.
     *
     * @param out receives the bytes of the file; left open
     * @param arrays what to write; no name may be {@code __metadata__}
     * @throws IOException if writing fails
     */
    public static void write(OutputStream out, NamedArrays arrays) throws IOException {
        byte[] text = SafetensorsHeader.text(arrays);
        int padded = Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT;
        byte[] header = Arrays.copyOf(text, padded);
        Arrays.fill(header, text.length, padded, (byte) ' ');
        out.write(
                ByteBuffer.allocate(LENGTH_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded)
                        .array());
        out.write(header);
        writeNumbers(out, arrays.tensors());
    }

    /**
     * Writes the numbers of arrays alone, as {@link #write} does, for a checksum of them.
     *
     * @param out receives the bytes; left open
     * @param tensors the arrays
     * @throws IOException if writing fails
     */
    public static void writeNumbers(OutputStream out, Map<String, Tensor> tensors)
            throws IOException {
        for (Tensor tensor : tensors.values()) {
            ArrayBytes.write(tensor, out);
        }
    }
}
