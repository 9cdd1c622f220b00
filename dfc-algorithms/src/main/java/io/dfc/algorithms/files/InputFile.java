package io.dfc.algorithms.files;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Files of the user: what they are, and their bytes, unpacked if need be. What unpacks to absurdly
 * much is refused before it fills the memory.
 */
public final class InputFile {
    private static final int CHUNK = 1 << 16;

    /** Any packed file may hold so many bytes. */
    private static final long ALWAYS = 64L << 20;

    /** What it holds beyond that for each byte of its own: rows of mostly zeros come near it. */
    private static final int DENSEST = 250;

    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;

    private InputFile() {}

    /**
     * Makes sure that a file can be read.
     *
     * @param file the file
     * @param expected what it should be, such as {@code a CSV file}
     * @return the file
     * @throws StorageException if it is missing, a folder or locked
     */
    public static Path require(Path file, String expected) {
        Optional<String> problem = PathProblem.of(file);
        if (problem.isPresent()) {
            throw new StorageException(file + ": " + problem.get());
        }
        if (Files.isDirectory(file)) {
            throw new StorageException(file + ": is a folder, expected " + expected);
        }
        if (!Files.isRegularFile(file)) {
            throw new StorageException(
                    file + ": is no regular file, which can be read twice; expected " + expected);
        }
        return file;
    }

    /**
     * Makes sure that the numbers of a file fit into memory, before any of it is read.
     *
     * @param file the file; what keeps it from being read is found when it is
     * @param heap bytes that the heap may have
     * @throws StorageException if it is larger
     */
    public static void requireRoom(Path file, long heap) {
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            return;
        }
        if (size > heap) {
            throw new StorageException(
                    file
                            + ": reading it takes at least its "
                            + mebibytes(size)
                            + " MiB of memory, and the Java heap may have "
                            + mebibytes(heap)
                            + " MiB; allow more, as with DFC_JAVA_OPTS=-Xmx"
                            + 3 * mebibytes(size)
                            + "m");
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes >> 20) + 1;
    }

    /**
     * Opens a file; gzip is recognised by its first bytes.
     *
     * @param file the file
     * @return its bytes, unpacked; reading them throws a {@link BadDataException} where they are
     *     more than 64 MiB and 250 for each byte of the file
     * @throws IOException if it cannot be opened
     */
    public static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            return isGzip(raw) ? new Packed(raw, file) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /**
     * Gzip; what stands behind it, which Java passes over, is an error unless it is padding, and so
     * is a bomb.
     */
    private static final class Packed extends GZIPInputStream {
        private static final int TRAILER = 2 * Integer.BYTES;

        private final Path file;
        private final long most;
        private long unpacked;
        private boolean ended;

        Packed(InputStream in, Path file) throws IOException {
            super(in, CHUNK);
            this.file = file;
            most = ALWAYS + DENSEST * Files.size(file);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            unpacked += Math.max(0, read);
            if (unpacked > most) {
                throw new BadDataException(
                        file.toString(),
                        "unpacks to more than "
                                + most
                                + " bytes, the most that is read from a gzip file of its size; unpack it first if it is sound");
            }
            if (read < 0 && !ended) {
                ended = true;
                for (int i = len - inf.getRemaining() + TRAILER; i < len; i++) {
                    if (buf[i] != 0) {
                        throw new ZipException("other bytes follow its end");
                    }
                }
            }
            return read;
        }
    }

    /**
     * Tells whether a stream begins as gzip does; its position stays.
     *
     * @param in the stream, which can be marked
     * @return whether it is gzip
     * @throws IOException if it cannot be read
     */
    public static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip;
    }
}
