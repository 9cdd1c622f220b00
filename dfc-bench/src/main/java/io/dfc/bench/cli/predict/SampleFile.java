package io.dfc.bench.cli.predict;

import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.api.error.BadDataException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A file of samples, which is read more than once. Standard input and pipes, which cannot be, are
 * copied first.
 */
final class SampleFile {
    private static final Path STANDARD_INPUT = Path.of("-");
    private static final int TYPE = 0170000;
    private static final int PIPE = 0010000;

    private SampleFile() {}

    /**
     * Uses a file, or what a pipe holds.
     *
     * @param file the file; {@code -} for standard input
     * @param use is given a file that can be read more than once
     */
    static void use(Path file, Consumer<Path> use) {
        if (!file.equals(STANDARD_INPUT) && !isPipe(file)) {
            use.accept(file);
            return;
        }
        String name = file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
        Path copy = copy(file, name);
        try {
            use.accept(copy);
        } catch (BadDataException e) {
            String problem = e.getMessage();
            String prefix = copy + ": ";
            throw problem.startsWith(prefix)
                    ? new BadDataException(
                            name, e.position().orElse(-1), problem.substring(prefix.length()))
                    : e;
        } finally {
            delete(copy);
        }
    }

    private static boolean isPipe(Path file) {
        try {
            return Files.getAttribute(file, "unix:mode") instanceof Integer mode
                    && (mode & TYPE) == PIPE;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Path copy(Path file, String name) {
        Path copy = null;
        try (InputStream in =
                file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file)) {
            copy = Files.createTempFile("dfc-samples", "");
            try (var out = Files.newOutputStream(copy)) {
                in.transferTo(out);
            }
            return copy;
        } catch (IOException e) {
            if (copy != null) {
                delete(copy);
            }
            throw AtomicFiles.failure("cannot copy " + name + " to a temporary file", e);
        }
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            // Temporary files that stay are the system's to remove.
            copy.toFile().deleteOnExit();
        }
    }
}
