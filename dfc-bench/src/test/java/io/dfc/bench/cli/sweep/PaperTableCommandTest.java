package io.dfc.bench.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PaperTableCommandTest {
    @TempDir private Path folder;

    private CommandRun table(String words) {
        return CommandRun.of(("reproduce " + words + " --out " + folder).split(" ", -1));
    }

    @Test
    void showsEveryPublishedNumberBeforeAnythingWasRun() {
        CommandRun run = table("table1 --table --seeds 2");

        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(1 + 4 * 8);
        assertThat(lines.get(1))
                .matches("mnist/bp .*fixed or none .*0 of 2 .*0 of 100 .*2\\.08 \\+- 0\\.15.*");
        assertThat(lines).anyMatch(l -> l.startsWith("mnist/dfc-ssa ") && l.contains("sampled"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takesTheConfigurationsOfTheMeanOverNoiseWhereThereAreSome() {
        CommandRun run =
                table("table1 --table --expected --methods dfc,bp --only mnist,mnist-autoencoder");

        assertThat(run.out().lines().skip(1).map(l -> l.substring(0, l.indexOf(' '))))
                .containsExactly(
                        "mnist/bp",
                        "mnist/dfc-fast",
                        "mnist-autoencoder/bp",
                        "mnist-autoencoder/dfc");
        assertThat(run.out()).contains("expected");
    }

    @Test
    void aRunThatGoesOnShowsItsEpochs() throws Exception {
        Path run = folder.resolve("strong/mnist/bp/seed1");
        Files.createDirectories(run);
        Files.writeString(
                run.resolve("metrics.jsonl"),
                "{\"epoch\":1,\"val_error\":0.1,\"seconds\":2}\n{\"epoch\":2,\"val_err");

        CommandRun table = table("strong-dfc --table --seeds 1 --methods bp --only strong/mnist");

        assertThat(table.out().lines().toList().get(1)).contains("0 of 1", "1 of 40", "1.83");
    }

    @ParameterizedTest
    @CsvSource({
        "table1 --only mnis, \"mnis\" is not in the table; did you mean \"mnist\"?",
        "table1 --methods dfc-sss, did you mean \"dfc-ss\"?",
        "strong-dfc --seeds 0, --seeds: must be 1 to 100",
        "table1 --epochs 0, --epochs: must be 1 to",
        "table1 --jobs 0, --jobs: must be 1 to"
    })
    void refusesInOneLine(String words, String message) {
        CommandRun.assertRefused(table(words), 2, message);
        assertThat(folder).isEmptyDirectory();
    }
}
