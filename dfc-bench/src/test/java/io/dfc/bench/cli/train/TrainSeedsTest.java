package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.spi.EngineState;
import io.dfc.bench.cli.CommandRun;
import io.dfc.bench.report.SeedsTable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class TrainSeedsTest {
    @TempDir private Path folder;

    private static JsonNode summary(Path run) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run.resolve("summary.json")));
    }

    @Test
    void everySeedIsTheRunThatItWouldBeAlone() throws IOException {
        Path all = folder.resolve("all");
        CommandRun several = CommandRun.train(all, "--seed", "7", "--seeds", "3");
        assertThat(several.code()).as(several.err()).isZero();
        for (int seed = 7; seed < 10; seed++) {
            Path alone = folder.resolve("alone" + seed);
            assertThat(CommandRun.train(alone, "--seed", Integer.toString(seed)).code()).isZero();
            for (String key : new String[] {"seed", "test_error", "test_loss", "train_loss"}) {
                assertThat(summary(all.resolve("seed" + seed)).get(key))
                        .as(key)
                        .isEqualTo(summary(alone).get(key));
            }
        }
        assertThat(several.out())
                .containsPattern("seeds +3 \\(7 to 9\\)")
                .containsPattern(
                        "test error +[0-9.]+ % \\+- [0-9.]+ %, from [0-9.]+ % to [0-9.]+ %");
    }

    @Test
    void addedSeedsAreRefusedOtherData() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(i * i % 17 + "," + i % 7 + "," + "abc".charAt(i % 3));
        }
        Path table = folder.resolve("table.csv");
        Files.writeString(table, "x,y,k\n" + String.join("\n", rows) + "\n");
        Path all = folder.resolve("all");
        String[] train = {
            "train",
            "--data",
            "csv:" + table,
            "--target",
            "k",
            "--epochs",
            "1",
            "--out",
            all.toString(),
            "--seeds"
        };
        assertThat(CommandRun.of(with(train, "1")).code()).isZero();
        assertThat(CommandRun.of(with(train, "2")).code()).isZero();
        Files.writeString(table, "x,y,k\n" + String.join("\n", rows.reversed()) + "\n");

        for (CommandRun run :
                List.of(
                        CommandRun.of(with(train, "3")),
                        CommandRun.of("train", "--resume", all.toString(), "--seeds", "3"))) {
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains(table.toString(), "is not what run", "seed1");
        }
        assertThat(all.resolve("seed3")).doesNotExist();
    }

    private static List<String> with(String[] arguments, String last) {
        return Stream.concat(Stream.of(arguments), Stream.of(last)).toList();
    }

    @Test
    void asJsonTheyAreOneObjectWithAllRuns() throws IOException {
        Path all = folder.resolve("all");
        for (int seeds : new int[] {2, 3}) {
            CommandRun run = CommandRun.train(all, "--seeds", Integer.toString(seeds), "--json");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out().lines()).hasSize(1);
            JsonNode node = JsonMapper.shared().readTree(run.out());
            assertThat(node.get("runs")).hasSize(seeds);
            double sum = 0;
            for (int i = 0; i < seeds; i++) {
                JsonNode summary = summary(all.resolve("seed" + (i + 1)));
                assertThat(node.get("runs").get(i)).isEqualTo(summary);
                sum += summary.get("test_loss").asDouble();
            }
            assertThat(node.at("/mean/test_loss").asDouble()).isCloseTo(sum / seeds, within(1e-9));
            assertThat(node.at("/deviation/test_loss").asDouble()).isPositive();
        }
    }

    @Test
    void meanAndSpreadAreThoseOfTheSample() {
        assertThat(SeedsTable.describe(new double[] {1, 2, 6}, "%.3f"))
                .isEqualTo("3.000 +- 2.646, from 1.000 to 6.000");
        assertThat(SeedsTable.describe(new double[] {4}, "%.1f")).isEqualTo("4.0");
    }

    @Test
    void whatMakesNoSenseIsOneLine() {
        for (String[] arguments :
                new String[][] {
                    {"train", "--seeds", "0"},
                    {"train", "--seeds", "1001", "--json"},
                }) {
            CommandRun run = CommandRun.of(arguments);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err().strip().lines()).hasSize(1).first().asString().contains("--seeds");
        }
    }

    private static CommandRun resume(Path all, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--resume", all.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private static EngineState state(Path run) {
        return Checkpoint.read(run.resolve("checkpoint.safetensors")).state();
    }

    @Test
    void moreSeedsLaterAddToThoseThatAreDone() throws IOException {
        Path all = folder.resolve("all");
        CommandRun.train(all, "--seeds", "1");
        Path kept = all.resolve("seed1/checkpoint.safetensors");
        byte[] first = Files.readAllBytes(kept);
        CommandRun more = CommandRun.train(all, "--seeds", "2");
        assertThat(more.code()).as(more.err()).isZero();
        assertThat(more.err()).contains("seed 1: finished before, not repeated");
        assertThat(more.out()).containsPattern("seeds +2 \\(1 to 2\\)").contains("+-");
        assertThat(Files.readAllBytes(kept)).isEqualTo(first);

        CommandRun resumed = resume(all, "--seeds", "3");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.out()).containsPattern("seeds +3 \\(1 to 3\\)");
        CommandRun.train(folder.resolve("alone"), "--seed", "3");
        assertThat(state(all.resolve("seed3"))).isEqualTo(state(folder.resolve("alone")));
    }

    @Test
    void anInterruptedSeriesIsCompletedByResumingItsFolder() throws IOException {
        Path all = folder.resolve("all");
        CommandRun.train(all, "--seeds", "3", "--epochs", "1");
        EngineState third = state(all.resolve("seed3"));
        // As if it had been killed while the second seed had no checkpoint yet, before the third.
        Files.delete(all.resolve("seed2/checkpoint.safetensors"));
        Files.delete(all.resolve("seed2/summary.json"));
        try (Stream<Path> files = Files.list(all.resolve("seed3"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(all.resolve("seed3"));
        CommandRun evaluated = CommandRun.of("eval", all.toString());
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(evaluated.err()).contains("seeds [2, 3]", "--resume " + all);
        CommandRun resumed = resume(all);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("seed 1: finished before, not repeated");
        assertThat(resumed.out()).containsPattern("seeds +3 \\(1 to 3\\)");
        assertThat(state(all.resolve("seed3"))).isEqualTo(third);
    }

    @Test
    void allSeedsGoOnToALaterEndAndNotToAnEarlierOne() throws IOException {
        Path all = folder.resolve("all");
        CommandRun.train(all, "--seeds", "2", "--epochs", "1");
        CommandRun longer = CommandRun.train(all, "--seeds", "2", "--epochs", "2");
        assertThat(longer.code()).isEqualTo(2);
        assertThat(longer.errorLines())
                .singleElement()
                .asString()
                .contains("epochs is 1 there, 2 here", "--resume " + all + " --epochs 2");
        CommandRun resumed = resume(all, "--epochs", "2");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(summary(all.resolve("seed2")).path("epochs").asInt()).isEqualTo(2);
        CommandRun earlier = resume(all, "--epochs", "1");
        assertThat(earlier.code()).isEqualTo(2);
        assertThat(earlier.errorLines()).singleElement().asString().contains("has done 2 epochs");
    }

    @Test
    void seedsWithOtherSettingsAreNotMixed() {
        Path all = folder.resolve("all");
        CommandRun.train(all, "--seeds", "1");
        CommandRun other = CommandRun.train(all, "--seeds", "2", "--batch", "25");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.errorLines())
                .singleElement()
                .asString()
                .contains("batch is 50 there, 25 here", "another folder");
        assertThat(all.resolve("seed2")).doesNotExist();
    }

    @Test
    void theFolderOfSeveralSeedsIsEvaluated() throws IOException {
        Path all = folder.resolve("all");
        CommandRun.train(all, "--seeds", "2");
        CommandRun table = CommandRun.of("eval", all.toString());
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .containsPattern("seeds +2 \\(1 to 2\\)")
                .containsPattern("test error +[0-9.]+ % \\+- [0-9.]+ %");
        JsonNode runs =
                JsonMapper.shared()
                        .readTree(CommandRun.of("eval", all.toString(), "--json").out())
                        .path("runs");
        for (int seed = 1; seed <= 2; seed++) {
            assertThat(runs.path(seed - 1).path("test_error"))
                    .isEqualTo(summary(all.resolve("seed" + seed)).path("test_error"));
        }
    }

    @Test
    void aSingleRunTakesNoSeedsWhenItContinues() {
        Path one = folder.resolve("one");
        CommandRun.train(one, "--epochs", "1");
        CommandRun run = resume(one, "--seeds", "2");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.errorLines()).singleElement().asString().contains("--seeds");
    }
}
