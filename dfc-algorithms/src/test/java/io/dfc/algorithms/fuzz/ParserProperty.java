package io.dfc.algorithms.fuzz;

import com.sun.management.ThreadMXBean;

import io.dfc.api.error.DfcException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.GZIPInputStream;

/**
 * What holds of every reader and every file: it ends with a result or with an exception of this
 * project, whose message is one line that names the file; and what it allocates stays below a
 * multiple of the file.
 */
final class ParserProperty {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LONGEST_MESSAGE = 4003;

    /** Packed files count as what is in them, up to this. */
    private static final int MOST_UNPACKED = 1 << 26;

    private final Path folder;

    /**
     * Creates it.
     *
     * @param folder receives the files
     */
    ParserProperty(Path folder) {
        this.folder = folder;
    }

    /**
     * A folder in memory, where there is one.
     *
     * @throws IOException if there is none at all
     */
    static ParserProperty inMemory() throws IOException {
        Path memory = Path.of("/dev/shm");
        return new ParserProperty(
                Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "dfc-fuzz")
                        : Files.createTempDirectory("dfc-fuzz"));
    }

    /** Reads what is sound, whatever that allocates. */
    void warmUp(FuzzTarget target) throws IOException {
        for (byte[] seed : target.seeds()) {
            target.reader().read(placed(target, seed));
        }
    }

    private Path placed(FuzzTarget target, byte[] bytes) throws IOException {
        Path own = Files.createDirectories(folder.resolve(target.name()));
        return Files.write(own.resolve(target.file()), bytes);
    }

    /**
     * Reads a file.
     *
     * @param target the reader
     * @param bytes the file
     * @return the message of what it was refused with; empty if it was read
     * @throws AssertionError if the property does not hold
     */
    String check(FuzzTarget target, byte[] bytes) {
        long allowed = FuzzTarget.CONSTANT + (long) target.multiple() * unpacked(bytes);
        long before = allocated();
        String message = read(target, bytes);
        if (allocated() - before > allowed) {
            // The first to come this way loads classes, and a fuzzer instruments them.
            before = allocated();
            message = read(target, bytes);
            long spent = allocated() - before;
            if (spent > allowed) {
                throw new AssertionError(
                        target + ": allocated " + spent + " bytes, allowed are " + allowed);
            }
        }
        return message;
    }

    /** The message of what a file is refused with; empty if it is read. */
    private String read(FuzzTarget target, byte[] bytes) {
        try {
            target.reader().read(placed(target, bytes));
            return "";
        } catch (DfcException e) {
            String message = String.valueOf(e.getMessage());
            requireReadable(target, message, e);
            return message;
        } catch (IOException e) {
            throw new AssertionError(target + ": a reader let an IOException through", e);
        }
    }

    private void requireReadable(FuzzTarget target, String message, DfcException e) {
        if (!message.contains(folder.resolve(target.name()).toString())) {
            throw new AssertionError(target + ": names neither file nor folder: " + message, e);
        }
        if (message.length() > LONGEST_MESSAGE) {
            throw new AssertionError(target + ": says " + message.length() + " characters", e);
        }
        if (message.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028)) {
            throw new AssertionError(target + ": is not one line: " + message, e);
        }
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    private static long unpacked(byte[] bytes) {
        long length = bytes.length;
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = opened(bytes)) {
            for (int n = in.read(chunk); n > 0 && length < MOST_UNPACKED; n = in.read(chunk)) {
                length += n;
            }
        } catch (IOException e) {
            // As far as it goes.
        }
        return length;
    }

    private static InputStream opened(byte[] bytes) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        boolean gzip = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        return gzip ? new GZIPInputStream(in) : InputStream.nullInputStream();
    }

    /** Deletes the files. */
    void clear() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
