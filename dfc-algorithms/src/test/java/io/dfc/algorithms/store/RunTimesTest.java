package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class RunTimesTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("times.json");
    }

    private static Progress after(int pretraining, int epochs) {
        return new Progress(
                pretraining,
                epochs,
                pretraining + epochs,
                0,
                BestEpoch.NONE,
                Evaluation.NONE,
                0,
                0);
    }

    private void write() {
        RunTimes times = new RunTimes();
        times.addPretraining(0.5);
        times.addEpoch(1);
        times.addEpoch(2);
        times.write(file());
    }

    @Test
    void aRunThatGoesOnCountsOn() {
        write();
        RunTimes times = new RunTimes(file(), after(1, 2));
        times.addEpoch(4);

        assertThat(times.total()).isEqualTo(7.5);
        assertThat(times.problem()).isEmpty();
    }

    @Test
    void whatTheCheckpointDoesNotKnowIsForgotten() {
        write();

        assertThat(new RunTimes(file(), after(1, 1)).total()).isEqualTo(1.5);
        assertThat(new RunTimes(file(), after(0, 0)).total()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"pretraining_seconds\":[0.5]",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1]}",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1,-2]}",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1,null]}",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1,1e999]}",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":[1,\"x\"]}",
                "{\"pretraining_seconds\":[0.5],\"epoch_seconds\":7}"
            })
    void aFileThatIsDamagedLosesTheCountAlone(String contents) throws IOException {
        Files.writeString(file(), contents);

        assertLost(new RunTimes(file(), after(1, 2)));
    }

    @Test
    void soDoesAFileThatIsMissing() {
        assertLost(new RunTimes(file(), after(1, 2)));
    }

    private void assertLost(RunTimes times) {
        assertThat(times.problem())
                .contains(file().toString())
                .endsWith("; seconds are counted from here on, and nothing else is lost")
                .doesNotContain("\n");
        times.addEpoch(3);
        assertThat(times.total()).isEqualTo(3);
        times.write(file());
        RunTimes next = new RunTimes(file(), after(1, 3));
        assertThat(next.problem()).isEmpty();
        assertThat(next.total()).isEqualTo(3);
    }
}
