package io.dfc.bench.cli.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code dfc train --diagnose} and {@code dfc diagnose}. */
class DiagnoseCommandTest {
    @TempDir private Path folder;

    private Path train(String... more) {
        Path run = folder.resolve("run");
        List<String> arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "train",
                                "--hidden",
                                "8",
                                "--limit",
                                "120",
                                "--batch",
                                "40",
                                "--epochs",
                                "2",
                                "--out",
                                run.toString()));
        arguments.addAll(List.of(more));
        CommandRun trained = CommandRun.of(arguments);
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }

    @Test
    void measurementsStandInTheLineOfTheirEpoch() throws IOException {
        Path run = train("--diagnose");

        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            JsonNode measured = JsonMapper.shared().readTree(line).get("diagnostics");
            assertThat(measured.size()).isEqualTo(1);
            assertThat(measured.get(0).get("minibatch").intValue()).isZero();
            assertThat(measured.get(0).get("condition_2").doubleValue()).isBetween(0.0, 1.0);
            assertThat(measured.get(0).get("bp_angle_W").size()).isEqualTo(2);
        }
    }

    @Test
    void withoutTheOptionNothingIsMeasured() throws IOException {
        assertThat(Files.readString(train().resolve("metrics.jsonl")))
                .doesNotContain("diagnostics");
    }

    @Test
    void aSavedRunIsDiagnosedAsATableAndAsJson() {
        String run = train().toString();

        CommandRun table = CommandRun.of(List.of("diagnose", run));
        CommandRun json = CommandRun.of(List.of("diagnose", run, "--json", "--batch", "4"));

        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .contains("dfc on glyphs", "bp angle", "condition 2", "mn best damping")
                .contains("loop \"control\" is stable", "null space by layer");
        assertThat(json.code()).as(json.err()).isZero();
        JsonNode found = JsonMapper.shared().readTree(json.out());
        assertThat(found.get("stability").size()).isEqualTo(2);
        assertThat(found.get("diagnostics").get("null_space").size()).isEqualTo(2);
        assertThat(found.get("not_measured").size()).isZero();
    }
}
