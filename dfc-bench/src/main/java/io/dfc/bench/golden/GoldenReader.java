package io.dfc.bench.golden;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads golden files. Files may be hostile: their size and nesting are bounded, and every value is
 * checked before it is used.
 */
public final class GoldenReader {
    /** Largest file accepted, in bytes; published ones have about 100 KB. */
    public static final long MAX_BYTES = 64L << 20;

    private static final int MAX_NESTING = 32;
    private static final int MAX_NUMBER_LENGTH = 400;
    private static final String FORMAT = "dfc-golden";
    private static final int VERSION = 1;
    private static final String KINDS =
            String.join(", ", Stream.of(Kind.values()).map(Kind::label).toList());

    /**
     * Jackson ends some messages with a description of the stream, which says nothing to a user.
     */
    private static final Pattern JSON_SOURCE =
            Pattern.compile("(\\(start marker at )?\\[Source:.*|\\R.*", Pattern.DOTALL);

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

    private GoldenReader() {}

    /**
     * Reads one file, or every {@code *.json} of a folder in the order of their names.
     *
     * @param path file or folder
     * @return what each file holds; a file that cannot be read is {@link GoldenFile.Unreadable}
     * @throws StorageException if there is nothing at the path, the folder cannot be listed, or it
     *     holds no such file
     */
    public static List<GoldenFile> readAll(Path path) {
        if (!Files.exists(path)) {
            throw new StorageException(path + ": no such file or folder of golden files");
        }
        if (!Files.isDirectory(path)) {
            return List.of(readLeniently(path));
        }
        try (Stream<Path> entries = Files.list(path)) {
            List<GoldenFile> files =
                    entries.filter(p -> p.getFileName().toString().endsWith(".json"))
                            .sorted()
                            .map(GoldenReader::readLeniently)
                            .toList();
            if (files.isEmpty()) {
                throw new StorageException(path + ": expected golden files (*.json), found none");
            }
            return files;
        } catch (IOException e) {
            throw new StorageException(path + ": cannot be listed: " + reason(e), e);
        }
    }

    /**
     * Reads one file.
     *
     * @param path the file
     * @return a file that is covered or not; never an unreadable one
     * @throws BadDataException if it is not a sound golden file
     */
    public static GoldenFile read(Path path) {
        String name = path.getFileName().toString();
        try {
            return interpret(name, parse(name, path));
        } catch (BadDataException e) {
            throw e;
        } catch (DfcException e) {
            throw new BadDataException(name, e.getMessage());
        } catch (JacksonException e) {
            var location = e.getLocation();
            String where =
                    location == null || location.getLineNr() < 1
                            ? ""
                            : "line "
                                    + location.getLineNr()
                                    + ", column "
                                    + location.getColumnNr()
                                    + ": ";
            String problem = JSON_SOURCE.matcher(e.getOriginalMessage()).replaceFirst("").strip();
            throw new BadDataException(
                    name,
                    location == null ? -1 : location.getLineNr(),
                    where + "not sound JSON: " + problem);
        } catch (IOException e) {
            throw new BadDataException(name, "cannot be read: " + reason(e));
        }
    }

    private static GoldenFile readLeniently(Path path) {
        try {
            return read(path);
        } catch (BadDataException e) {
            return new GoldenFile.Unreadable(e.source(), e.getMessage());
        }
    }

    private static JsonCursor parse(String name, Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadDataException(name, "expected a regular file");
        }
        long bytes = Files.size(path);
        if (bytes > MAX_BYTES) {
            throw new BadDataException(
                    name, "expected at most " + MAX_BYTES + " bytes, got " + bytes);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new JsonCursor(name, "", MAPPER.readTree(in));
        }
    }

    private static GoldenFile interpret(String name, JsonCursor root) {
        if (!root.get("format").text().equals(FORMAT)) {
            throw root.get("format").expected("\"" + FORMAT + "\"");
        }
        root.get("version").integer(VERSION, VERSION);
        JsonCursor label = root.get("kind");
        Kind kind = Kind.of(label.text()).orElseThrow(() -> label.expected("one of " + KINDS));
        if (!kind.isCovered()) {
            return new GoldenFile.NotCovered(name, kind);
        }
        NetworkSection network = NetworkSection.read(root);
        Scenario scenario =
                switch (kind) {
                    case DYNAMICS -> DynamicsScenario.read(root, network);
                    case ANALYTIC -> AnalyticScenario.read(root, network);
                    case FEEDBACK -> FeedbackScenario.read(root, network);
                    case TRAINING -> TrainingScenario.read(root, network);
                    case STRONG, DIAGNOSTICS ->
                            throw new IllegalStateException(kind + " has no scenario");
                };
        return new GoldenFile.Covered(name, kind, ExpectedSection.read(root), scenario);
    }

    /** Exceptions of the file system often hold the path alone; their class says what happened. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName()
                + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
    }
}
