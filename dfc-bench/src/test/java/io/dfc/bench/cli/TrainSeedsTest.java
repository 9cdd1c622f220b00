package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
                    {"train", "--seeds", "2", "--json"},
                    {"train", "--seeds", "2", "--resume", folder.toString()}
                }) {
            CommandRun run = CommandRun.of(arguments);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err().strip().lines()).hasSize(1).first().asString().contains("--seeds");
        }
    }
}
