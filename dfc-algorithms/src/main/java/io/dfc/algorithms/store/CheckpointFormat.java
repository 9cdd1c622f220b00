package io.dfc.algorithms.store;

import io.dfc.api.error.BadDataException;

import org.jspecify.annotations.Nullable;

import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which versions of the program read which checkpoints. */
final class CheckpointFormat {
    static final String NAME = "dfc-checkpoint";
    static final String FORMAT = "format";
    static final String VERSION = "version";
    static final String PROGRAM = "program";
    private static final String FIRST_VERSION = "1";
    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9.+_ -]{1,60}");

    private CheckpointFormat() {}

    /** Says what a checkpoint is and what wrote it. */
    static void put(Map<String, String> properties) {
        properties.put(FORMAT, NAME);
        properties.put(VERSION, Integer.toString(Checkpoint.VERSION));
        properties.put(PROGRAM, program());
    }

    /** {@return the name of this program, with its version where that is known} */
    static String program() {
        return Optional.ofNullable(CheckpointFormat.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .or(
                        () ->
                                Optional.ofNullable(
                                        CheckpointFormat.class
                                                .getPackage()
                                                .getImplementationVersion()))
                .map(version -> "dfc " + version)
                .orElse("dfc");
    }

    /**
     * Makes sure that a file is a checkpoint of the version that is read.
     *
     * @throws BadDataException if it is not
     */
    static void require(Path file, Map<String, String> properties) {
        if (!NAME.equals(properties.get(FORMAT))) {
            throw new BadDataException(
                    file.toString(),
                    "is no checkpoint: its property format is "
                            + shown(properties.get(FORMAT))
                            + ", expected "
                            + NAME);
        }
        String version = properties.get(VERSION);
        if (!Integer.toString(Checkpoint.VERSION).equals(version)) {
            String writer =
                    FIRST_VERSION.equals(version)
                            ? "a version of dfc from before parameters had named groups"
                            : shown(properties.get(PROGRAM));
            throw new BadDataException(
                    file.toString(),
                    "is a checkpoint of format "
                            + shown(version)
                            + ", written by "
                            + writer
                            + ", and this version reads format "
                            + Checkpoint.VERSION
                            + " alone; train anew in another folder, or use the version that wrote it");
        }
    }

    /** A property of a file that may come from anywhere. */
    static String shown(@Nullable String property) {
        return property != null && WORDS.matcher(property).matches() ? property : "(unknown)";
    }
}
