package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ReproduceCommandTest {
    @TempDir private Path folder;

    @Test
    void listsTheFigures() {
        CommandRun run = CommandRun.of("reproduce");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().map(l -> l.substring(0, l.indexOf(' '))))
                .containsExactly(
                        "fig1d",
                        "fig2",
                        "fig3",
                        "s1",
                        "s2",
                        "s3",
                        "s4",
                        "toy-table",
                        "glyphs-table",
                        "mnist-table",
                        "table1",
                        "strong-dfc");
    }

    @Test
    void writesNumbersAndPictureAndSaysWhatThePaperSays() throws IOException {
        Path out = folder.resolve("deep/figures");

        CommandRun run = CommandRun.of("reproduce", "fig2", "--out", out.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("paper", "run    yes", "fig2.csv", "fig2.svg", "fig2.png");
        try (var files = Files.list(out)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("fig2.csv", "fig2.svg", "fig2.png");
        }
    }

    @Test
    void sameSeedSameNumbers() throws IOException {
        List<String> arguments = List.of("reproduce", "fig2", "--seed", "7", "--seeds", "2");
        for (String name : List.of("a", "b")) {
            List<String> more = new java.util.ArrayList<>(arguments);
            more.addAll(List.of("--out", folder.resolve(name).toString()));
            assertThat(CommandRun.of(more).code()).isZero();
        }

        assertThat(folder.resolve("a/fig2.csv"))
                .hasSameTextualContentAs(folder.resolve("b/fig2.csv"));
    }

    @ParameterizedTest
    @CsvSource({
        "fig4, there is no figure \"fig4\"",
        "fig2 --seeds 0, --seeds",
        "fig2 --epochs 0, --epochs",
        "toy-table --methods bb, --methods: there is no method \"bb\"; did you mean",
        "fig1d --backend nope, nope"
    })
    void refusesInOneLine(String words, String message) {
        List<String> arguments =
                new java.util.ArrayList<>(List.of(("reproduce " + words).split(" ")));
        arguments.addAll(List.of("--quick", "--out", folder.toString()));

        CommandRun run = CommandRun.of(arguments);

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.errorLines().getLast()).startsWith("error: ").contains(message);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatCannotBeWrittenIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        CommandRun run = CommandRun.of("reproduce", "fig2", "--out", file.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(run.errorLines().getFirst()).contains("cannot create folder");
    }
}
