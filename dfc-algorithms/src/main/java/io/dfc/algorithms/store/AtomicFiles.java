package io.dfc.algorithms.store;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.StorageException;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes whole files atomically: a reader, or a process that comes after a crash, sees the old
 * contents or the new ones, never a part. A thread that is interrupted meanwhile completes the file
 * and stays interrupted: nothing here is a channel, which an interrupt would close.
 */
public final class AtomicFiles {
    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes everything.
         *
         * @param out receives the contents; closed by the caller
         * @throws IOException if writing fails
         */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Replaces a file.
     *
     * @param file the file; its folder must exist
     * @param writer writes its contents
     * @throws StorageException if the operating system refuses; the old file is then untouched and
     *     nothing is left behind, as with any error of the writer
     */
    public static void write(Path file, Writer writer) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
                writer.write(out);
            }
            force(part);
            move(part, file);
        } catch (IOException | UncheckedIOException e) {
            deleteQuietly(part);
            throw failure("cannot write " + file, e);
        } catch (RuntimeException e) {
            // What was to be written turned out bad.
            deleteQuietly(part);
            throw e;
        }
    }

    /** Waits until the contents are on the disk, not in the system's memory alone. */
    private static void force(Path file) throws IOException {
        // Other file systems, as that of an archive, have no such step.
        if (file.getFileSystem().equals(FileSystems.getDefault())) {
            try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "rw")) {
                written.getFD().sync();
            }
        }
    }

    /**
     * Replaces a text file, in UTF-8.
     *
     * @param file the file; its folder must exist
     * @param text its contents
     * @throws StorageException if the operating system refuses
     */
    public static void writeText(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Creates a folder and those above it.
     *
     * @param folder the folder
     * @throws StorageException if the operating system refuses
     */
    public static void createFolders(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failure("cannot create folder " + folder, e);
        }
    }

    /**
     * Describes a failure of the operating system in one line.
     *
     * @param what what was tried
     * @param e the failure
     * @return the error
     */
    public static StorageException failure(String what, Exception e) {
        String reason =
                e instanceof IOException io
                        ? PathProblem.describe(io)
                        : String.valueOf(e.getMessage());
        return new StorageException(what + ": " + reason, e);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(
                    from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The failure to write is the one to report.
        }
    }
}
