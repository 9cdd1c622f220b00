package io.dfc.algorithms.data.idx;

import io.dfc.algorithms.files.InputFile;
import io.dfc.algorithms.files.IoProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipException;

/**
 * Reads IDX files, plain or gzip (told apart by their first bytes), of numbers of any type.
 *
 * <p>Headers are not trusted: memory grows with the bytes that are really there, never with what a
 * header promises.
 */
final class IdxReader {
    private static final int IMAGES_MAGIC = 0x0803;
    private static final int LABELS_MAGIC = 0x0801;
    private static final int MOST_DIMENSIONS = 4;
    private static final int MAX_PAYLOAD = 1 << 30;

    /** Numbers other than bytes are widened to float64. */
    private static final int MAX_NUMBERS = 1 << 27;

    private static final int CHUNK = 1 << 16;

    private final Path file;

    private IdxReader(Path file) {
        this.file = file;
    }

    /**
     * Images of one file, as bytes or as numbers.
     *
     * @param pixels row-major, shape [count, rows * columns]; null if the file holds no bytes
     * @param numbers the same if it does not; null if it does
     * @param count number of images
     * @param rows pixels from top to bottom
     * @param columns pixels from left to right, with all their channels
     */
    record Images(
            byte @Nullable [] pixels,
            double @Nullable [] numbers,
            int count,
            int rows,
            int columns) {
        int size() {
            return rows * columns;
        }

        /** Value of a pixel. */
        double value(int at) {
            return pixels != null ? pixels[at] & 0xFF : Objects.requireNonNull(numbers)[at];
        }
    }

    /** Whether a file begins as IDX files do. */
    static boolean isIdx(Path file) throws IOException {
        try (InputStream in = InputFile.open(file)) {
            byte[] start = in.readNBytes(Integer.BYTES);
            return start.length == Integer.BYTES
                    && start[0] == 0
                    && start[1] == 0
                    && IdxType.of(start[2]).isPresent();
        }
    }

    /**
     * Reads images: two to four dimensions, the first of which counts them.
     *
     * @throws BadDataException if the file is not a complete IDX file of images and nothing more
     * @throws StorageException if it cannot be read
     */
    static Images images(Path file) {
        IdxReader reader = new IdxReader(file);
        Content content = reader.read(IMAGES_MAGIC, "images");
        int[] sizes = content.sizes;
        int columns = 1;
        for (int d = 2; d < sizes.length; d++) {
            columns *= sizes[d];
        }
        boolean bytes = content.type == IdxType.UNSIGNED_BYTE;
        return new Images(
                bytes ? content.bytes : null,
                bytes ? null : reader.finite(content),
                sizes[0],
                sizes[1],
                columns);
    }

    /**
     * Reads labels.
     *
     * @return one label per sample
     * @throws BadDataException if the file is not a complete IDX file of whole numbers and nothing
     *     more
     * @throws StorageException if it cannot be read
     */
    static int[] labels(Path file) {
        IdxReader reader = new IdxReader(file);
        Content content = reader.read(LABELS_MAGIC, "labels");
        double[] numbers = content.type.numbers(content.bytes);
        int[] labels = new int[numbers.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) numbers[i];
            if (labels[i] != numbers[i]) {
                throw reader.bad(
                        content.place(i), "expected a whole number as label, found " + numbers[i]);
            }
        }
        return labels;
    }

    private record Content(IdxType type, int[] sizes, byte[] bytes) {
        /** Where a number stands in the file. */
        long place(int index) {
            return Integer.BYTES * (1L + sizes.length) + (long) index * type.bytes();
        }
    }

    private double[] finite(Content content) {
        double[] numbers = content.type.numbers(content.bytes);
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                throw bad(content.place(i), "expected a finite number, found " + numbers[i]);
            }
        }
        return numbers;
    }

    private Content read(int usualMagic, String what) {
        if (!Files.exists(file)) {
            throw new StorageException(file + ": cannot be read: no such file or folder");
        }
        try (InputStream in = InputFile.open(file)) {
            int magic = integer(in, 0, what);
            IdxType type =
                    IdxType.of(magic >> Byte.SIZE)
                            .filter(t -> fits(magic, usualMagic))
                            .orElseThrow(
                                    () ->
                                            bad(
                                                    0,
                                                    "expected the magic number 0x%08x of IDX %s, found 0x%08x%s"
                                                            .formatted(
                                                                    usualMagic,
                                                                    what,
                                                                    magic,
                                                                    known(magic))));
            int[] sizes = sizes(in, magic & 0xFF, what);
            int headerLength = Integer.BYTES * (1 + sizes.length);
            int payload = payload(type, sizes, what);
            long held = Files.size(file) - headerLength;
            if (!packed() && held < payload) {
                throw lengthMismatch(type, headerLength, payload, held, what);
            }
            return new Content(type, sizes, body(in, type, headerLength, payload, what));
        } catch (EOFException | ZipException e) {
            throw new BadDataException(
                    file.toString(),
                    "damaged or truncated gzip stream (" + IoProblem.describe(e) + ")");
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be read: " + IoProblem.describe(e), e);
        }
    }

    /** What begins with a number, if that is well known. */
    private static String known(int magic) {
        return switch (magic) {
            case LABELS_MAGIC -> ", which is that of labels";
            case IMAGES_MAGIC -> ", which is that of images";
            case 0x89504E47 -> ", which is that of a PNG image";
            case 0x934E554D -> ", which is that of a NumPy array";
            default ->
                    magic >>> Short.SIZE == 0x1F8B ? ", which is that of gzip: packed twice?" : "";
        };
    }

    private boolean packed() throws IOException {
        try (InputStream in = new java.io.BufferedInputStream(Files.newInputStream(file))) {
            return InputFile.isGzip(in);
        }
    }

    /** Labels have one dimension, images more. */
    private static boolean fits(int magic, int usualMagic) {
        int dimensions = magic & 0xFF;
        return magic >>> Short.SIZE == 0
                && (usualMagic == LABELS_MAGIC
                        ? dimensions == 1
                        : dimensions >= 2 && dimensions <= MOST_DIMENSIONS);
    }

    private int[] sizes(InputStream in, int dimensions, String what) throws IOException {
        int[] sizes = new int[dimensions];
        for (int d = 0; d < dimensions; d++) {
            int offset = Integer.BYTES * (d + 1);
            sizes[d] = integer(in, offset, what);
            if (sizes[d] < 1) {
                throw bad(
                        offset,
                        "expected a size of 1 to 2147483647, found "
                                + Integer.toUnsignedString(sizes[d]));
            }
        }
        return sizes;
    }

    private int integer(InputStream in, int offset, String what) throws IOException {
        byte[] bytes = in.readNBytes(Integer.BYTES);
        if (bytes.length < Integer.BYTES) {
            throw bad(offset + bytes.length, "the file ends within the header of IDX " + what);
        }
        int value = 0;
        for (byte b : bytes) {
            value = value << Byte.SIZE | b & 0xFF;
        }
        return value;
    }

    private int payload(IdxType type, int[] sizes, String what) {
        long most = type == IdxType.UNSIGNED_BYTE ? MAX_PAYLOAD : MAX_NUMBERS;
        long numbers = 1;
        for (int size : sizes) {
            numbers *= size;
            if (numbers > most || numbers * type.bytes() > MAX_PAYLOAD) {
                throw bad(
                        Integer.BYTES,
                        "the header promises more than "
                                + (type == IdxType.UNSIGNED_BYTE
                                        ? MAX_PAYLOAD + " bytes of "
                                        : most + " numbers or " + MAX_PAYLOAD + " bytes of ")
                                + what
                                + ", the most that is read");
            }
        }
        return (int) (numbers * type.bytes());
    }

    private byte[] body(InputStream in, IdxType type, int headerLength, int payload, String what)
            throws IOException {
        ByteArrayOutputStream grown = new ByteArrayOutputStream(Math.min(payload, CHUNK));
        byte[] chunk = new byte[CHUNK];
        while (grown.size() < payload) {
            int read = in.read(chunk, 0, Math.min(CHUNK, payload - grown.size()));
            if (read < 0) {
                throw lengthMismatch(type, headerLength, payload, grown.size(), what);
            }
            grown.write(chunk, 0, read);
        }
        // Reading on to the end also makes gzip verify its checksum.
        if (in.read() >= 0) {
            throw bad(
                    headerLength + payload,
                    "expected the end after " + payload + " bytes of " + what + ", found more");
        }
        return grown.toByteArray();
    }

    private BadDataException lengthMismatch(
            IdxType type, int headerLength, int payload, long actual, String what) {
        return bad(
                headerLength + actual,
                "the header promises "
                        + payload
                        + " bytes of "
                        + what
                        + (type == IdxType.UNSIGNED_BYTE
                                ? ""
                                : " (of the type " + type + " by its magic number)")
                        + ", the file holds "
                        + actual);
    }

    private BadDataException bad(long offset, String problem) {
        return new BadDataException(file.toString(), offset, "at byte " + offset + ": " + problem);
    }
}
