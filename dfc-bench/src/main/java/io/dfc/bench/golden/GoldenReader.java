package io.dfc.bench.golden;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;
import io.dfc.bench.golden.compare.Kind;
import io.dfc.bench.golden.scenario.AnalyticScenario;
import io.dfc.bench.golden.scenario.DiagnosticsScenario;
import io.dfc.bench.golden.scenario.DynamicsScenario;
import io.dfc.bench.golden.scenario.FeedbackScenario;
import io.dfc.bench.golden.scenario.NetworkSection;
import io.dfc.bench.golden.scenario.Scenario;
import io.dfc.bench.golden.scenario.StrongScenario;
import io.dfc.bench.golden.scenario.TrainingScenario;
import io.dfc.bench.json.JsonCursor;
import io.dfc.bench.json.JsonFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads golden files. Files may be hostile: their size and nesting are bounded, and every value is
 * checked before it is used.
 */
public final class GoldenReader {
    /** Largest file accepted, in bytes; published ones have about 100 KB. */
    public static final int MAX_BYTES = 64 << 20;

    private static final String FORMAT = "dfc-golden";
    private static final int VERSION = 1;

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
            throw new StorageException(
                    path
                            + ": expected golden files, "
                            + PathProblem.of(path).orElse("no such file or folder"));
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
            throw new StorageException(path + ": cannot be listed: " + PathProblem.describe(e), e);
        }
    }

    /**
     * Reads one file.
     *
     * @param path the file
     * @return the file; never an unreadable one
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
        }
    }

    private static GoldenFile readLeniently(Path path) {
        try {
            return read(path);
        } catch (BadDataException e) {
            return new GoldenFile.Unreadable(e.source(), e.getMessage());
        }
    }

    private static JsonCursor parse(String name, Path path) {
        // The files of a folder were not named one by one: reading a pipe among them would never
        // end.
        if (!Files.isRegularFile(path)) {
            throw new BadDataException(name, "expected a regular file");
        }
        return JsonFile.read(name, path, MAX_BYTES);
    }

    private static GoldenFile interpret(String name, JsonCursor root) {
        if (!root.get("format").text().equals(FORMAT)) {
            throw root.get("format").expected("\"" + FORMAT + "\"");
        }
        root.get("version").integer(VERSION, VERSION);
        Kind kind = root.get("kind").as(Kind.class);
        NetworkSection network = NetworkSection.read(root);
        Scenario scenario =
                switch (kind) {
                    case DYNAMICS -> DynamicsScenario.read(root, network);
                    case ANALYTIC -> AnalyticScenario.read(root, network);
                    case FEEDBACK -> FeedbackScenario.read(root, network);
                    case TRAINING -> TrainingScenario.read(root, network);
                    case STRONG -> StrongScenario.read(root, network);
                    case DIAGNOSTICS -> DiagnosticsScenario.read(root, network);
                };
        return new GoldenFile.Covered(name, kind, ExpectedSection.read(root), scenario);
    }
}
