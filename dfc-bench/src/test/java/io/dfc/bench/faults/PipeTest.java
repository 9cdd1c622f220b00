package io.dfc.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/** A reader that leaves early is no error: the program ends without a word. */
@Tag("slow")
class PipeTest {
    /** What a shell reports of a program that wrote to a reader that had left. */
    private static final int READER_LEFT = 141;

    @TempDir private Path folder;

    /** With a reader that takes no line at all, so that it has surely left. */
    private static Child piped() {
        return new Child()
                .behind(
                        "bash",
                        "-c",
                        "\"$@\" | (exec <&-; sleep 0.1); exit ${PIPESTATUS[0]}",
                        "bash");
    }

    @ParameterizedTest
    @ValueSource(strings = {"configs", "methods"})
    void aListIsCutShortInSilence(String command) throws Exception {
        CommandRun run = piped().run(List.of(command));
        assertThat(run.code()).as(run.err()).isEqualTo(READER_LEFT);
        assertThat(run.err().lines().filter(line -> !line.startsWith("WARNING"))).isEmpty();
    }

    @Test
    void aTrainingGoesOnToItsEndAndKeepsItsRun() throws Exception {
        CommandRun run =
                piped().run(CommandRun.trainArguments(folder.resolve("run"), "--epochs", "1"));
        assertThat(run.code()).as(run.err()).isEqualTo(READER_LEFT);
        assertThat(run.errorLines()).isEmpty();
        assertThat(run.err()).doesNotContain("\tat ", "Exception");
        assertThat(folder.resolve("run/summary.json")).isNotEmptyFile();
    }

    /** Progress goes to standard error; that nobody reads it keeps no run from learning. */
    @Test
    void aTrainingWhoseProgressNobodyReadsGoesOnToItsEnd() throws Exception {
        CommandRun run =
                new Child()
                        .behind("bash", "-c", "exec \"$@\" 2>&-", "bash")
                        .run(CommandRun.trainArguments(folder.resolve("run"), "--epochs", "1"));
        assertThat(run.code()).isZero();
        assertThat(folder.resolve("run/summary.json")).isNotEmptyFile();
    }
}
