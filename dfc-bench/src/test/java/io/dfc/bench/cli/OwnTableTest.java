package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.run.RunData;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A table of the user's own, with default options, reaches what a linear model reaches. */
@Tag("slow")
class OwnTableTest {

    @TempDir private Path folder;

    /** Trains with some seeds, and returns the folders. */
    private List<Path> train(int seeds, Path table, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--data", "csv:" + table, "--seeds", "" + seeds));
        arguments.addAll(List.of("--threads", "1", "--out", folder.resolve("out").toString()));
        arguments.addAll(List.of(options));
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("chosen for", "--batch 16", "--hidden ");
        List<Path> runs = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            runs.add(folder.resolve("out/seed" + seed));
        }
        return runs;
    }

    private static double mean(List<Path> runs, String key) {
        return runs.stream()
                .mapToDouble(
                        run ->
                                JsonMapper.shared()
                                        .readTree(Tables.read(run.resolve("summary.json")))
                                        .path(key)
                                        .asDouble(Double.NaN))
                .average()
                .orElseThrow();
    }

    private static double baseline(List<Path> runs) {
        return Baseline.of(
                RunData.load(
                        RunConfigurations.load(
                                runs.getFirst().resolve("config.yaml").toString(), List.of())));
    }

    @Test
    void irises() {
        List<Path> runs = train(5, Tables.shipped(folder, "iris"), "--target", "species");
        assertThat(mean(runs, "test_error")).isLessThanOrEqualTo(baseline(runs)).isLessThan(0.07);
    }

    @Test
    void wines() {
        List<Path> runs =
                train(
                        5,
                        Tables.shipped(folder, "wine"),
                        "--target",
                        "cultivar",
                        "--method",
                        "dfc-ssa");
        assertThat(mean(runs, "test_error")).isLessThanOrEqualTo(baseline(runs) + 1e-9);
    }

    @Test
    void passengers() {
        List<Path> runs =
                train(
                        3,
                        Tables.passengers(folder),
                        "--target",
                        "survived",
                        "--drop",
                        "id,name",
                        "--missing",
                        "mean",
                        "--method",
                        "dfc-ssa");
        assertThat(mean(runs, "test_error")).isLessThanOrEqualTo(baseline(runs) + 0.01);
    }

    @Test
    void houses() {
        List<Path> runs =
                train(2, Tables.houses(folder), "--target", "price", "--task", "regression");
        double root =
                runs.stream()
                        .mapToDouble(run -> Math.sqrt(mean(List.of(run), "test_loss")))
                        .average()
                        .orElseThrow();
        assertThat(root).isBetween(10_000.0, 1.02 * baseline(runs));
    }
}
