package io.dfc.bench.cli.exchange;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is to be written: not one that is there, unless it may be replaced. */
final class ExportTarget {
    private ExportTarget() {}

    /**
     * Makes sure that a file can be written.
     *
     * @param option the option that names it
     * @param file the file
     * @param force whether one that is there is replaced
     */
    static void require(String option, Path file, boolean force) {
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || parent == null) {
            throw new StorageException("cannot write " + file + ": it is a folder");
        }
        if (!Files.isDirectory(parent)) {
            throw new StorageException(
                    "cannot write "
                            + file
                            + ": "
                            + PathProblem.of(parent).orElse(parent + " is no folder"));
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new StorageException("cannot write " + file + ": it is no regular file");
        }
        if (Files.exists(file) && !force) {
            throw new BadConfigurationException(
                    option, file + " is there; --force replaces it, or name another file");
        }
    }
}
