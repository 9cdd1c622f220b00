package io.dfc.bench.sweep;

import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a series: a folder for each cell with one for each seed, a copy of what describes
 * the series, and its table.
 *
 * @param path the folder
 */
public record SeriesFolder(Path path) {
    private static final String DESCRIPTION = "sweep.yaml";

    /**
     * Claims the folder for a series, or finds that it holds this one already.
     *
     * @param description text that describes the series
     * @throws BadConfigurationException if it holds another one
     */
    public void claim(String description) {
        AtomicFiles.createFolders(path);
        Path file = path.resolve(DESCRIPTION);
        if (Files.exists(file)) {
            if (!RunFolder.readText(file).equals(description)) {
                throw new BadConfigurationException(
                        "--out",
                        path
                                + " holds another sweep, described by its "
                                + DESCRIPTION
                                + "; choose another folder, or continue that one with it");
            }
            return;
        }
        AtomicFiles.writeText(file, description);
    }

    /** {@return the file with the table of all cells} */
    public Path results() {
        return path.resolve("results.csv");
    }

    /** Forgets that runs have failed, so that they begin again where they stopped. */
    public static void forgetFailure(Series.Run run) {
        try {
            Files.deleteIfExists(RunState.failure(run.folder()));
        } catch (IOException e) {
            throw new StorageException("cannot delete " + RunState.failure(run.folder()), e);
        }
    }
}
