package io.dfc.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.Tolerances;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every golden file on the backends of this build. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenBackendsTest {
    /** Golden files of the project. */
    private static final int FILES = 38;

    /**
     * Files with the published dynamics (tanh, k_p 2, steps of 0.02, instant transmission), with
     * the published nudge and the published ways to find and to learn feedback weights.
     */
    private static final List<String> PUBLISHED =
            List.of(
                    "analytic-tanh.json",
                    "analytic-tanh-three-hidden-random-feedback.json",
                    "dynamics-small-target-step.json",
                    "dynamics-tanh-instantaneous-transmission-proactive.json",
                    "feedback-proportional-integral.json",
                    "training-analytic-adam.json",
                    "training-steady-state-adam-with-feedback-epoch.json");

    private static final double PUBLISHED_TOLERANCE = 1e-5;

    private final List<GoldenFile> files = all();
    private Backend simd;
    private Backend reference;

    private static List<GoldenFile> all() {
        return Stream.of(GoldenFixtures.folder(), GoldenFixtures.otherFolder())
                .flatMap(folder -> GoldenReader.readAll(folder).stream())
                .toList();
    }

    @BeforeAll
    void open() {
        simd = open("cpu-simd");
        reference = open("reference");
    }

    @AfterAll
    void close() {
        simd.close();
        reference.close();
    }

    private static Backend open(String name) {
        return Backends.discover().select(name, BackendOptions.defaults(), List.of()).backend();
    }

    @Test
    void theReferenceMeetsEveryFileTo1e9() {
        requireMet(reference, Tolerances.flat(), files, FILES);
    }

    @Test
    void float32MeetsEveryFileTo1e4() {
        requireMet(simd, Tolerances.flat(), files, FILES);
    }

    @Test
    void float32MeetsThePublishedSettingsTo1e5() {
        requireMet(
                simd,
                Tolerances.fixedAt(PUBLISHED_TOLERANCE),
                files.stream().filter(f -> PUBLISHED.contains(f.file())).toList(),
                PUBLISHED.size());
    }

    private static void requireMet(
            Backend backend, Tolerances tolerances, List<GoldenFile> files, int count) {
        CheckReport report = new GoldenCheck(backend, tolerances).run(files);

        assertThat(report.misses()).isEmpty();
        assertThat(report.passed(true)).isTrue();
        assertThat(report.of(FileOutcome.Checked.class)).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-2, 1e-1})
    void autoStaysWithinItsToleranceWhereItDoesNotSimulate(double tolerance) {
        List<String> reduced = new ArrayList<>();
        for (GoldenFile file : files) {
            for (Backend backend : List.of(simd, reference)) {
                AutoAgainstGolden.of((GoldenFile.Covered) file, tolerance)
                        .ifPresent(
                                c -> {
                                    if (c.runsReduced(backend)) {
                                        reduced.add(backend.name() + " " + file.file());
                                    }
                                });
            }
        }
        // Most files nudge far; the laxer the tolerance, the more of them run in output space. The
        // reference simulates whatever the solver.
        assertThat(reduced)
                .contains("cpu-simd dynamics-small-target-step.json")
                .noneMatch(run -> run.startsWith("reference"))
                .hasSizeGreaterThanOrEqualTo(tolerance < 0.05 ? 1 : 4);
    }

    @Test
    void theCopiesAreThoseOfTheSharedFolder() {
        Path shared =
                Path.of(System.getProperty("dfc.root", ".."))
                        .resolve("../shared/golden")
                        .normalize();
        assumeThat(Files.isDirectory(shared))
                .as("SKIPPED: the folder of all golden files is not there (%s)", shared)
                .isTrue();

        List<String> copies =
                Stream.of(GoldenFixtures.folder(), GoldenFixtures.otherFolder())
                        .flatMap(folder -> jsonFiles(folder).stream())
                        .filter(file -> isCopy(file, shared.resolve(file.getFileName())))
                        .map(file -> file.getFileName().toString())
                        .toList();

        assertThat(copies)
                .containsAll(
                        jsonFiles(shared).stream().map(f -> f.getFileName().toString()).toList());
    }

    private static boolean isCopy(Path file, Path original) {
        try {
            return Files.mismatch(file, original) == -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> jsonFiles(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".json")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
