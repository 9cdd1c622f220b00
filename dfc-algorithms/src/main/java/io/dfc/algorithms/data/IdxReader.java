package io.dfc.algorithms.data;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files of unsigned bytes, plain or gzip (told apart by their first bytes).
 *
 * <p>Nothing in a file is believed: memory grows with the bytes that are really there, never with
 * what a header promises.
 */
final class IdxReader {
    private static final int IMAGES_MAGIC = 0x0803;
    private static final int LABELS_MAGIC = 0x0801;
    private static final int MAX_PAYLOAD = 1 << 30;
    private static final int CHUNK = 1 << 16;
    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;

    private final Path file;

    private IdxReader(Path file) {
        this.file = file;
    }

    /**
     * Images of one file.
     *
     * @param pixels row-major, shape [count, rows * columns]
     * @param count number of images
     * @param rows pixels from top to bottom
     * @param columns pixels from left to right
     */
    record Images(byte[] pixels, int count, int rows, int columns) {
        int size() {
            return rows * columns;
        }
    }

    /**
     * Reads images.
     *
     * @throws BadDataException if the file is not a complete IDX file of byte images and nothing
     *     more
     * @throws StorageException if it cannot be read
     */
    static Images images(Path file) {
        Content content = new IdxReader(file).read(IMAGES_MAGIC, "images", 3);
        return new Images(content.bytes, content.sizes[0], content.sizes[1], content.sizes[2]);
    }

    /**
     * Reads labels.
     *
     * @return one label per sample, each in [0, 255]
     * @throws BadDataException if the file is not a complete IDX file of byte labels and nothing
     *     more
     * @throws StorageException if it cannot be read
     */
    static int[] labels(Path file) {
        byte[] bytes = new IdxReader(file).read(LABELS_MAGIC, "labels", 1).bytes;
        int[] labels = new int[bytes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = bytes[i] & 0xFF;
        }
        return labels;
    }

    private record Content(int[] sizes, byte[] bytes) {}

    private Content read(int magic, String what, int dimensions) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
            boolean gzip = isGzip(raw);
            try (InputStream in = gzip ? new GZIPInputStream(raw, CHUNK) : raw) {
                int[] sizes = header(in, magic, what, dimensions);
                int headerLength = Integer.BYTES * (1 + dimensions);
                int payload = payload(sizes, what);
                long held = Files.size(file) - headerLength;
                if (!gzip && held < payload) {
                    throw lengthMismatch(headerLength, payload, held, what);
                }
                return new Content(sizes, body(in, headerLength, payload, what));
            }
        } catch (EOFException | ZipException e) {
            throw new BadDataException(
                    file.toString(),
                    "damaged or truncated gzip stream (" + IoProblem.describe(e) + ")");
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be read: " + IoProblem.describe(e), e);
        }
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip;
    }

    private int[] header(InputStream in, int magic, String what, int dimensions)
            throws IOException {
        int found = integer(in, 0, what);
        if (found != magic) {
            throw bad(
                    0,
                    "expected the magic number 0x%08x of IDX %s, found 0x%08x"
                            .formatted(magic, what, found));
        }
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

    private int payload(int[] sizes, String what) {
        long payload = 1;
        for (int size : sizes) {
            payload *= size;
            if (payload > MAX_PAYLOAD) {
                throw bad(
                        Integer.BYTES,
                        "the header promises more than "
                                + MAX_PAYLOAD
                                + " bytes of "
                                + what
                                + ", the most that is read");
            }
        }
        return (int) payload;
    }

    private byte[] body(InputStream in, int headerLength, int payload, String what)
            throws IOException {
        ByteArrayOutputStream grown = new ByteArrayOutputStream(Math.min(payload, CHUNK));
        byte[] chunk = new byte[CHUNK];
        while (grown.size() < payload) {
            int read = in.read(chunk, 0, Math.min(CHUNK, payload - grown.size()));
            if (read < 0) {
                throw lengthMismatch(headerLength, payload, grown.size(), what);
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
            int headerLength, int payload, long actual, String what) {
        return bad(
                headerLength + actual,
                "the header promises "
                        + payload
                        + " bytes of "
                        + what
                        + ", the file holds "
                        + actual);
    }

    private BadDataException bad(long offset, String problem) {
        return new BadDataException(file.toString(), offset, "at byte " + offset + ": " + problem);
    }
}
