package io.dfc.algorithms.store;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.files.PathProblem;
import io.dfc.algorithms.files.ShellWord;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a run.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
    private static final int MOST_TEXT = 1 << 30;

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

    /** {@return the description of the run's data} */
    public Path data() {
        return path.resolve("data.json");
    }

    /** {@return wall-clock seconds spent so far} */
    public Path times() {
        return path.resolve("times.json");
    }

    /** {@return the checkpoint of the last completed epoch} */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /**
     * The checkpoint of an epoch that is kept.
     *
     * @param epoch the epoch, counted from 1
     * @return its file
     */
    public Path checkpoint(int epoch) {
        return path.resolve("checkpoint-epoch-" + epoch + ".safetensors");
    }

    /**
     * Creates the folder, if it is not there, and makes sure that it can be written to.
     *
     * @return this folder
     * @throws StorageException if it cannot be created or written to
     */
    public RunFolder create() {
        AtomicFiles.createFolders(path);
        if (!Files.isDirectory(path) || !Files.isWritable(path)) {
            throw new StorageException("cannot write to folder " + path + ": permission denied");
        }
        return this;
    }

    /** {@return whether there is a checkpoint, so that the run can be continued or evaluated} */
    public boolean hasCheckpoint() {
        return Files.exists(checkpoint());
    }

    /**
     * {@return whether there is a configuration but no checkpoint: nothing is lost if the run
     * starts anew}
     */
    public boolean stoppedBeforeCheckpoint() {
        return Files.exists(configuration()) && !hasCheckpoint();
    }

    /**
     * Makes sure that a new run may begin here: there is none, or one that stopped before its first
     * checkpoint and has the same settings.
     *
     * @param configuration settings of the new run
     * @throws BadConfigurationException if the folder holds another run
     */
    public void requireFreeFor(RunConfiguration configuration) {
        if (hasCheckpoint()) {
            throw new BadConfigurationException(
                    "out",
                    path
                            + " already holds a run; choose another folder, or continue that run with --resume "
                            + ShellWord.of(path));
        }
        if (stoppedBeforeCheckpoint()) {
            List<String> differences =
                    RunConfigurations.differences(
                            RunConfigurations.load(configuration().toString(), List.of()),
                            configuration,
                            RunConfigurations.SURROUNDINGS);
            if (!differences.isEmpty()) {
                throw new BadConfigurationException(
                        "out",
                        path
                                + " holds the settings of another run, which stopped before its first checkpoint ("
                                + differences.getFirst()
                                + "); choose another folder, or start that run with --resume "
                                + ShellWord.of(path));
            }
        }
    }

    /**
     * Deletes the metrics of a run that starts again: epochs without a checkpoint.
     *
     * @throws StorageException if the operating system refuses
     */
    public void deleteMetrics() {
        try {
            Files.deleteIfExists(metrics());
            Files.deleteIfExists(times());
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot delete " + metrics() + " and " + times(), e);
        }
    }

    /**
     * Makes sure that the folder holds the settings of a run.
     *
     * @return this folder
     * @throws StorageException if it does not
     */
    public RunFolder requireConfiguration() {
        if (!Files.isDirectory(path)) {
            throw new StorageException(
                    "no run folder "
                            + path
                            + PathProblem.of(path)
                                    .map(problem -> ": " + problem)
                                    .orElse(": it is a file; name the folder that holds it"));
        }
        requireReadable(configuration());
        if (!Files.isReadable(configuration())) {
            throw new StorageException(
                    "run folder "
                            + path
                            + " has no readable "
                            + configuration().getFileName()
                            + "; begin a run in it with ./dfc train --out "
                            + ShellWord.of(path));
        }
        return this;
    }

    /** A file that is there and cannot be read is not one that is missing. */
    private static void requireReadable(Path file) {
        Optional<String> problem = PathProblem.of(file);
        if (problem.isPresent() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException("cannot read " + file + ": " + problem.get());
        }
    }

    /**
     * Makes sure that the folder holds a run with a checkpoint.
     *
     * @return this folder
     * @throws StorageException if it does not
     */
    public RunFolder requireRun() {
        requireConfiguration();
        requireReadable(checkpoint());
        if (!Files.isReadable(checkpoint())) {
            throw new StorageException(
                    "run folder "
                            + path
                            + " has no readable "
                            + checkpoint().getFileName()
                            + (hasCheckpoint()
                                    ? ""
                                    : ": the run stopped before its first one; start it again with ./dfc train --resume "
                                            + ShellWord.of(path)));
        }
        return this;
    }

    /**
     * Reads a text file of the run.
     *
     * @param file the file
     * @return its contents
     * @throws StorageException if it cannot be read, is no text, or is far too long
     */
    public static String readText(Path file) {
        try {
            long size = Files.size(file);
            if (size > MOST_TEXT) {
                throw new StorageException(
                        file
                                + " has "
                                + size
                                + " bytes, more than the "
                                + MOST_TEXT
                                + " that are read");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new StorageException("cannot read " + file + ": expected text in UTF-8", e);
        } catch (IOException e) {
            throw AtomicFiles.failure("cannot read " + file, e);
        }
    }
}
