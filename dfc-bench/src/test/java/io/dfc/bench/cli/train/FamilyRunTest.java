package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A short run of every method that is a relative of DFC, and what they decline. */
class FamilyRunTest {
    @TempDir private Path folder;

    private CommandRun train(String method, String... more) {
        String[] few = {"--method", method, "--limit", "120", "--batch", "40", "--epochs", "1"};
        String[] arguments = new String[few.length + more.length + 3];
        arguments[0] = "train";
        System.arraycopy(few, 0, arguments, 1, few.length);
        System.arraycopy(more, 0, arguments, few.length + 1, more.length);
        arguments[arguments.length - 2] = "--out";
        arguments[arguments.length - 1] = folder.resolve(method).toString();
        return CommandRun.of(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dtp",
                "dtpdrl",
                "ldrl",
                "ddtp-linear",
                "ddtp-rhl",
                "ddtp-control",
                "lcp-di",
                "lcp-kp",
                "lcp-lf",
                "weight-perturbation",
                "dopamine",
                "mn",
                "gn",
                "gnt"
            })
    void learnsTheDigits(String method) throws IOException {
        CommandRun run = train(method, "--hidden", "6,5");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readString(folder.resolve(method).resolve("summary.json")))
                .contains("\"method\" : \"" + method + "\"");
    }

    @Test
    void energyTakesItsOwnSteps() {
        CommandRun run = train("lcp-ebd", "--hidden", "6,5", "--set", "energy.steps=20");

        assertThat(run.code()).as(run.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gait-prop", "tp"})
    void inversesOfMatricesAreLeftToTheBackendInFloat64(String method) throws IOException {
        CommandRun run = train(method);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readString(folder.resolve(method).resolve("summary.json")))
                .contains("\"backend\" : \"reference\"");
    }

    @Test
    void andDeclinedInFloat32InWords() {
        CommandRun run = train("gait-prop", "--backend", "cpu-simd");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "backend \"cpu-simd\" cannot run this plan: it computes in float32, and the inverse of a matrix of"
                                + " weights takes float64");
    }

    @Test
    void aRunOnOutputsBeyondTheClassesIsEvaluatedByItsClasses() {
        CommandRun trained = train("gait-prop");

        CommandRun evaluated = CommandRun.of("eval", folder.resolve("gait-prop").toString());

        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
    }
}
