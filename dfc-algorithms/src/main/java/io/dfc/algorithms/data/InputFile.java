package io.dfc.algorithms.data;

import io.dfc.api.error.StorageException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Files of the user: what they are, and their bytes, unpacked if need be. */
final class InputFile {
    private static final int CHUNK = 1 << 16;
    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;

    private InputFile() {}

    /**
     * Makes sure that a file can be read.
     *
     * @param expected what it should be, such as {@code a CSV file}
     * @throws StorageException if it is missing, a folder or locked
     */
    static Path require(Path file, String expected) {
        if (Files.isSymbolicLink(file) && !Files.exists(file)) {
            throw new StorageException(file + ": is a link to a file that is missing");
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException(file + ": no such file");
        }
        if (Files.isDirectory(file)) {
            throw new StorageException(file + ": is a folder, expected " + expected);
        }
        if (!Files.isRegularFile(file)) {
            throw new StorageException(
                    file + ": is no regular file, which can be read twice; expected " + expected);
        }
        if (!Files.isReadable(file)) {
            throw new StorageException(file + ": permission denied");
        }
        return file;
    }

    /** Opens a file; gzip is told by its first bytes. */
    static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            return isGzip(raw) ? new GZIPInputStream(raw, CHUNK) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Whether a stream, which stays where it is, begins as gzip does. */
    static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return gzip;
    }
}
