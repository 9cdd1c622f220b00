package io.dfc.bench.json;

import io.dfc.algorithms.files.JsonProblem;
import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadDataException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Parses a file that may be hostile: size, nesting and the length of numbers are bounded. */
public final class JsonFile {
    private static final int MAX_NESTING = 32;
    private static final int MAX_NUMBER_LENGTH = 400;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_NESTING)
                                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonFile() {}

    /**
     * Reads a file.
     *
     * @param source what errors call the file
     * @param path the file; a pipe will do
     * @param maxBytes the largest size accepted
     * @return its root
     * @throws BadDataException if it cannot be read, is too large or is no sound JSON
     */
    public static JsonCursor read(String source, Path path, int maxBytes) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new BadDataException(source, "expected at most " + maxBytes + " bytes");
            }
            return new JsonCursor(source, "", MAPPER.readTree(bytes));
        } catch (JacksonException e) {
            throw unsound(source, e);
        } catch (NoSuchFileException e) {
            throw new BadDataException(
                    source, PathProblem.of(path).orElse("there is no such file"));
        } catch (IOException e) {
            throw new BadDataException(
                    source,
                    "cannot be read: "
                            + (Files.isDirectory(path)
                                    ? "it is a folder"
                                    : PathProblem.describe(e)));
        }
    }

    private static BadDataException unsound(String source, JacksonException e) {
        var location = e.getLocation();
        boolean known = location != null && location.getLineNr() >= 1;
        String where =
                known
                        ? "line "
                                + location.getLineNr()
                                + ", column "
                                + location.getColumnNr()
                                + ": "
                        : "";
        String problem = JsonProblem.of(e.getOriginalMessage());
        return new BadDataException(
                source, known ? location.getLineNr() : -1, where + "not sound JSON: " + problem);
    }
}
