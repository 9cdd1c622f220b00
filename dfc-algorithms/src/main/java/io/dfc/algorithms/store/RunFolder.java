package io.dfc.algorithms.store;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of a run.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
    /** {@return the complete configuration, from which the run can be repeated} */
    public Path configuration() {
        return path.resolve("config.yaml");
    }

    /** {@return one JSON object per epoch} */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** {@return the result as one JSON object; written when the run ends} */
    public Path summary() {
        return path.resolve("summary.json");
    }

    /** {@return the checkpoint of the last completed epoch} */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /**
     * Creates the folder for a new run and makes sure that it can be written to.
     *
     * @return this folder
     * @throws StorageException if it cannot be created or written to
     * @throws BadConfigurationException if it already holds a run
     */
    public RunFolder create() {
        if (Files.exists(configuration())) {
            throw new BadConfigurationException(
                    "out",
                    path
                            + " already holds a run; choose another folder, or continue that run with --resume");
        }
        AtomicFiles.createFolders(path);
        if (!Files.isDirectory(path) || !Files.isWritable(path)) {
            throw new StorageException("cannot write to folder " + path + ": permission denied");
        }
        return this;
    }

    /**
     * Makes sure that the folder holds a run with a checkpoint.
     *
     * @return this folder
     * @throws StorageException if it does not
     */
    public RunFolder requireRun() {
        if (!Files.isDirectory(path)) {
            throw new StorageException(
                    "no run folder "
                            + path
                            + PathProblem.of(path).map(problem -> ": " + problem).orElse(""));
        }
        for (Path file : new Path[] {configuration(), checkpoint()}) {
            Optional<String> problem = PathProblem.of(file);
            if (problem.isPresent() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new StorageException("cannot read " + file + ": " + problem.get());
            }
            if (problem.isPresent()) {
                throw new StorageException(
                        "run folder "
                                + path
                                + " has no readable "
                                + file.getFileName()
                                + "; only a run that completed an epoch can be continued or evaluated");
            }
        }
        return this;
    }

    /**
     * Reads a text file of the run.
     *
     * @param file the file
     * @return its contents
     * @throws StorageException if it cannot be read
     */
    public static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot read " + file, e);
        }
    }
}
