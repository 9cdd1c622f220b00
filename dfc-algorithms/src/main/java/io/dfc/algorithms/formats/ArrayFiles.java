package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads files of arrays, whatever their format. */
public final class ArrayFiles {
    private static final int FIRST = 8;

    private ArrayFiles() {}

    /**
     * Reads a file of the format {@code .npy}, {@code .npz} or safetensors, which its first bytes
     * tell. The array of an {@code .npy} is named as its file without the ending.
     *
     * @param file the file
     * @return its arrays and properties
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it is damaged, or a file of {@code torch.save}; the message then
     *     has the command that converts it
     */
    public static NamedArrays read(Path file) {
        byte[] first = first(file);
        if (Npy.isNpy(first)) {
            return new NamedArrays(Map.of(stem(file), Npy.read(file)), Map.of());
        }
        if (first.length >= 4 && first[0] == 'P' && first[1] == 'K' && first[2] < 8) {
            return Npz.read(file);
        }
        if (TorchFiles.isPickle(first)) {
            throw TorchFiles.refused(file);
        }
        return Safetensors.read(file);
    }

    private static byte[] first(Path file) {
        try (InputStream in = open(file)) {
            return in.readNBytes(FIRST);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /**
     * Opens a file. Its stream, other than a channel, is not closed by an interruption.
     *
     * @throws StorageException if it is none that has a length and can be read
     */
    static FileInputStream open(Path file) throws IOException {
        return new FileInputStream(require(file).toFile());
    }

    /** Makes sure that a path is a file that has a length and can be read. */
    static Path require(Path file) {
        String problem =
                PathProblem.of(file)
                        .orElseGet(
                                () ->
                                        Files.isDirectory(file)
                                                ? "it is a folder"
                                                : Files.isRegularFile(file)
                                                        ? ""
                                                        : "it is no regular file");
        if (!problem.isEmpty()) {
            throw new StorageException("cannot read " + file + ": " + problem);
        }
        return file;
    }

    /** {@return the error for a file that cannot be read} */
    static StorageException failure(Path file, IOException e) {
        return new StorageException("cannot read " + file + ": " + PathProblem.describe(e), e);
    }

    /** {@return the name of a file without its ending} */
    static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }
}
