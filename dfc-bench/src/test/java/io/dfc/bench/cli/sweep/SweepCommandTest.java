package io.dfc.bench.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.RunFolder;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SweepCommandTest {
    @TempDir private Path folder;

    private Path file;
    private Path out;

    @BeforeEach
    void writeSweep() throws IOException {
        file =
                Files.writeString(
                        folder.resolve("rates.yaml"),
                        """
                        config: glyphs/bp
                        seeds: 2
                        settings: {epochs: 2, limit: 500, "network.hidden": [20]}
                        grid:
                          forward.learning-rate: [1e-3, 1e-8]
                        """);
        out = folder.resolve("out");
    }

    private CommandRun sweep(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("sweep", file.toString(), "--out", out.toString(), "--jobs", "2"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private RunFolder run(String cell, int seed) {
        return new RunFolder(out.resolve(cell).resolve("seed" + seed));
    }

    @Test
    void trainsEveryCellAndPutsTheBestFirst() throws IOException {
        CommandRun run = sweep();

        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(1)).startsWith("forward.learning-rate=0.001").contains("2 of 2");
        assertThat(lines.get(2)).startsWith("forward.learning-rate=1.0E-8").contains(" +");
        assertThat(run.err().lines()).last().asString().contains("4 of 4 runs done");
        assertThat(Files.readAllLines(out.resolve("results.csv"))).hasSize(3);
    }

    @Test
    void goesOnWhereItWasAndEndsWithTheSameBits() throws IOException {
        assertThat(sweep().code()).isZero();
        RunFolder whole = run("forward.learning-rate=0.001", 2);
        byte[] expected = Files.readAllBytes(whole.checkpoint());
        String table = sweep("--table").out();
        // As if the process had been killed in the second run's second epoch, and before the third.
        Path first = folder.resolve("first");
        assertThat(
                        CommandRun.of(
                                        "train",
                                        "--config",
                                        whole.configuration().toString(),
                                        "--epochs",
                                        "1",
                                        "--out",
                                        first.toString())
                                .code())
                .isZero();
        for (String name : List.of("checkpoint.safetensors", "metrics.jsonl", "times.json")) {
            Files.copy(
                    first.resolve(name),
                    whole.path().resolve(name),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.delete(whole.summary());

        CommandRun again = sweep();

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(whole.checkpoint())).isEqualTo(expected);
        assertThat(withoutTimes(again.out().lines().limit(3).toList()))
                .isEqualTo(withoutTimes(table.lines().toList()));
    }

    /** Cells without the column of seconds. */
    private static List<String> withoutTimes(List<String> rows) {
        return rows.stream().map(r -> r.replaceAll("\\s+[0-9.e-]+$", "")).toList();
    }

    @Test
    void aRunThatFailsIsALineOfTheTableAndNotRepeated() throws IOException {
        Files.writeString(
                file,
                """
                config: glyphs/bp
                settings: {epochs: 1, limit: 300}
                list:
                  - {batch: 64}
                  - {forward.learning-rate: 1e30}
                """);

        CommandRun run = sweep();

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().toList().get(2))
                .startsWith("forward.learning-rate=1.0E30")
                .contains("0 of 1");
        Path why = out.resolve("forward.learning-rate=1.0E30/seed1/failure.txt");
        Files.writeString(why, "left alone");
        assertThat(sweep().out()).contains("left alone");
        assertThat(sweep("--retry").out()).doesNotContain("left alone");
    }

    @Test
    void anotherSweepInTheFolderIsRefused() throws IOException {
        assertThat(sweep().code()).isZero();
        Files.writeString(file, "config: glyphs/bp\n");

        CommandRun other = sweep();

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.errorLines().getLast()).contains("holds another sweep");
    }

    @Test
    void aWrongSettingIsToldBeforeAnythingRuns() throws IOException {
        Files.writeString(file, "config: glyphs/bp\ngrid: {epoch: [1]}\n");

        CommandRun run = sweep();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.errorLines()).singleElement().asString().contains("epoch");
        assertThat(out).doesNotExist();
    }
}
