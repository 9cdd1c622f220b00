package io.dfc.algorithms.files;

import io.dfc.api.error.StorageException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files of the user: what they are, and their bytes, unpacked if need be. */
public final class InputFile {
    private static final int CHUNK = 1 << 16;
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
     * Opens a file; gzip is recognised by its first bytes.
     *
     * @param file the file
     * @return its bytes, unpacked
     * @throws IOException if it cannot be opened
     */
    public static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            return isGzip(raw) ? new Packed(raw) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Gzip; what stands behind it, which Java passes over, is an error unless it is padding. */
    private static final class Packed extends GZIPInputStream {
        private static final int TRAILER = 2 * Integer.BYTES;

        private boolean ended;

        Packed(InputStream in) throws IOException {
            super(in, CHUNK);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
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
