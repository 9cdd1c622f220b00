package io.dfc.bench.cli.predict;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;
import io.dfc.bench.cli.IrisRun;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Predictions for samples that come through a pipe. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "skipped: there is no sh")
class PredictFromPipesTest {
    @TempDir private Path folder;

    private Path iris;
    private Path run;

    @BeforeEach
    void train() {
        IrisRun trained = IrisRun.train(folder, 2);
        iris = trained.table();
        run = trained.folder();
    }

    /** Predicts; {@code shell} starts the command as {@code "$@"}. */
    private CommandRun predict(String shell, String file) throws Exception {
        return CommandRun.inOwnProcess(
                List.of("sh", "-c", shell, iris.toString()),
                List.of("predict", run.toString(), file));
    }

    @Test
    void standardInputAndPipesAreAsGoodAsFiles() throws Exception {
        String expected = CommandRun.of("predict", run.toString(), iris.toString()).out();
        Path pipe = folder.resolve("pipe");
        String named = "mkfifo '%s'; cat \"$0\" > '%s' & exec \"$@\"".formatted(pipe, pipe);
        for (CommandRun predicted :
                List.of(
                        predict("cat \"$0\" | \"$@\"", "-"),
                        predict("exec \"$@\" < \"$0\"", "-"),
                        predict("cat \"$0\" | \"$@\"", "/dev/stdin"),
                        predict(named, pipe.toString()))) {
            assertThat(predicted.code()).as(predicted.err()).isZero();
            assertThat(predicted.out()).isEqualTo(expected).hasLineCount(151);
        }
    }

    @Test
    void anErrorNamesStandardInputAndNoCopy() throws Exception {
        CommandRun predicted = predict("sed 's/,/,x/;2q' \"$0\" | \"$@\"", "-");
        assertThat(predicted.code()).isEqualTo(1);
        assertThat(predicted.errorLines())
                .singleElement()
                .asString()
                .startsWith("error: standard input: line 1: ");
    }
}
