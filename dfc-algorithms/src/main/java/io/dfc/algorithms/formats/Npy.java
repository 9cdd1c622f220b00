package io.dfc.algorithms.formats;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The format {@code .npy} of NumPy: one array. Versions 1 to 3 are read, in either order of bytes
 * and of indices; version 1 is written, little endian and row-major.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_BYTES = 2;
    private static final int MAX_HEADER = 1 << 16;
    private static final int ALIGNMENT = 64;

    private Npy() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @return its array, row-major
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is not such a file, is cut short or goes on behind its array,
     *     or has numbers of a type that is not read; Python objects are never read
     */
    public static Tensor read(Path file) {
        try (FileInputStream raw = ArrayFiles.open(file);
                InputStream in = new BufferedInputStream(raw)) {
            return read(file.toString(), ArrayFiles.stem(file), in, Files.size(file));
        } catch (IOException e) {
            throw ArrayFiles.failure(file, e);
        }
    }

    /**
     * Reads an array from a stream.
     *
     * @param source the file, for messages
     * @param name name of the array, for messages
     * @param in the bytes
     * @param size their number
     */
    static Tensor read(String source, String name, InputStream in, long size) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length + VERSION_BYTES);
        if (!isNpy(magic)) {
            throw new BadDataException(source, 0, "does not begin as an array of NumPy does");
        }
        int lengthBytes =
                switch (magic.length < MAGIC.length + VERSION_BYTES ? 0 : magic[MAGIC.length]) {
                    case 1 -> Short.BYTES;
                    case 2, 3 -> Integer.BYTES;
                    default ->
                            throw new BadDataException(
                                    source,
                                    MAGIC.length,
                                    "is an array of a version of NumPy's format that is not read;"
                                            + " expected 1, 2 or 3");
                };
        long length = length(in.readNBytes(lengthBytes));
        long before = (long) MAGIC.length + VERSION_BYTES + lengthBytes;
        if (length > MAX_HEADER || length > size - before) {
            throw new BadDataException(
                    source,
                    before,
                    length > MAX_HEADER
                            ? "header length " + length + " is above " + MAX_HEADER
                            : "is cut short: the header needs "
                                    + length
                                    + " bytes, there are "
                                    + Math.max(0, size - before));
        }
        ArrayLayout layout = NpyHeader.parse(source, in.readNBytes((int) length));
        long numbers = size - before - length;
        if (layout.bytes() != numbers) {
            throw new BadDataException(
                    source,
                    before + length,
                    (layout.bytes() > numbers ? "is cut short: " : "")
                            + "holds "
                            + numbers
                            + " bytes of numbers, its header promises "
                            + layout.bytes());
        }
        ArrayReader.requireMemory(source, layout.memory());
        return new ArrayReader(source, in).read(name, layout);
    }

    private static long length(byte[] littleEndian) {
        long length = 0;
        for (int i = 0; i < littleEndian.length; i++) {
            length |= (long) Byte.toUnsignedInt(littleEndian[i]) << (Byte.SIZE * i);
        }
        return length;
    }

    /** Tells whether a file that begins so is an array of NumPy. */
    static boolean isNpy(byte[] first) {
        return first.length >= MAGIC.length
                && Arrays.equals(first, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Writes an array.
     *
     * @param out receives the bytes of the file; left open
     * @param tensor the array
     * @throws IOException if writing fails
     */
    public static void write(OutputStream out, Tensor tensor) throws IOException {
        byte[] header = header(tensor);
        out.write(header);
        ArrayBytes.write(tensor, out);
    }

    /** {@return the number of bytes of the file of an array} */
    static long size(Tensor tensor) {
        return header(tensor).length + ArrayBytes.count(tensor);
    }

    private static byte[] header(Tensor tensor) {
        String text = NpyHeader.text(NumberType.of(tensor.type()), tensor.shape());
        int before = MAGIC.length + VERSION_BYTES + Short.BYTES;
        int whole = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT;
        byte[] header = new byte[whole];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[MAGIC.length] = 1;
        header[before - 2] = (byte) (whole - before);
        header[before - 1] = (byte) ((whole - before) >> Byte.SIZE);
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(header, before, whole - 1, (byte) ' ');
        System.arraycopy(words, 0, header, before, words.length);
        header[whole - 1] = '\n';
        return header;
    }
}
