package io.dfc.bench.cli.train;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.TensorFile;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What checkpoints and times hold, and what becomes of a run where they are not as they should. */
class RunFilesTest {
    private static final String LOST =
            "; seconds are counted from here on, and nothing else is lost";

    @TempDir private Path folder;

    private static CommandRun train(Path run, String... more) {
        CommandRun trained = CommandRun.train(run, more);
        assertThat(trained.code()).as(trained.err()).isZero();
        return trained;
    }

    private static CommandRun resume(Path run, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--resume", run.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private static byte[] checkpoint(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("checkpoint.safetensors"));
    }

    private static double seconds(Path run) throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(run.resolve("summary.json")))
                .path("seconds_total")
                .asDouble();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dfc", "bp"})
    void equalRunsHaveEqualCheckpointsByteForByte(String method) throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Path resumed = folder.resolve("resumed");
        train(one, "--method", method);
        train(two, "--method", method, "--threads", "1");
        train(resumed, "--method", method, "--epochs", "1");
        assertThat(resume(resumed, "--epochs", "2").code()).isZero();

        assertThat(checkpoint(two)).isEqualTo(checkpoint(one));
        assertThat(checkpoint(resumed)).isEqualTo(checkpoint(one));
    }

    @Test
    void aCheckpointOfBackpropagationHasNoFeedbackWeights() {
        Path run = folder.resolve("bp");
        train(run, "--method", "bp", "--epochs", "1");

        assertThat(TensorFile.read(run.resolve("checkpoint.safetensors")).tensors().keySet())
                .contains("W[0]", "b[1]", "best.W[1]", "optimizer.forward.first[0]")
                .noneMatch(name -> name.contains("Q") || name.contains("feedback"));
    }

    @Test
    void theSecondsOfARunThatGoesOnAreThoseOfAllItsParts() throws IOException {
        Path run = folder.resolve("run");
        train(run, "--epochs", "1");
        double before = seconds(run);
        assertThat(resume(run, "--epochs", "2").err()).doesNotContain("seconds are counted");

        JsonNode times = JsonMapper.shared().readTree(Files.readString(run.resolve("times.json")));
        assertThat(times.path("epoch_seconds").size()).isEqualTo(2);
        assertThat(seconds(run))
                .isGreaterThanOrEqualTo(before + times.path("epoch_seconds").path(1).asDouble());
    }

    @Test
    void damagedTimesLoseTheCountAlone() throws IOException {
        Path whole = folder.resolve("whole");
        Path run = folder.resolve("run");
        train(whole, "--method", "bp");
        train(run, "--method", "bp", "--epochs", "1");
        Files.writeString(run.resolve("times.json"), "{\"epoch_seconds\":[");
        CommandRun resumed = resume(run, "--epochs", "2");

        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err().lines().filter(line -> line.endsWith(LOST)))
                .containsExactly(run.resolve("times.json") + " is damaged" + LOST);
        assertThat(checkpoint(run)).isEqualTo(checkpoint(whole));
        assertThat(resume(run, "--epochs", "3").err()).doesNotContain(LOST);
    }

    /** As versions before groups had names wrote it. */
    private static void writeFirstForm(Path run) {
        Path file = run.resolve("checkpoint.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        TensorFile.read(file)
                .tensors()
                .forEach((name, t) -> tensors.put(name.replace('[', '.').replace("]", ""), t));
        new TensorFile(
                        tensors,
                        Map.of("format", "dfc-checkpoint", "version", "1", "progress", "[]"))
                .write(file);
    }

    @Test
    void aCheckpointOfTheFirstFormIsRefusedWithWhatToDo() throws IOException {
        Path run = folder.resolve("run");
        train(run, "--method", "bp", "--epochs", "1");
        writeFirstForm(run);
        byte[] before = checkpoint(run);
        for (CommandRun refused :
                List.of(
                        resume(run),
                        resume(run, "--epochs", "2"),
                        CommandRun.of("eval", run.toString()))) {
            assertRefused(
                    refused,
                    1,
                    "checkpoint.safetensors: is a checkpoint of format 1, written by a version of"
                            + " dfc from before parameters had named groups, and this version reads"
                            + " format 2 alone; train anew in another folder, or use the version"
                            + " that wrote it");
        }
        assertThat(checkpoint(run)).isEqualTo(before);
    }

    @Test
    void theCheckpointOfAnotherRunIsRefusedWithTheNameOfTheFile() throws IOException {
        Path dfc = folder.resolve("dfc");
        Path bp = folder.resolve("bp");
        Path wide = folder.resolve("wide");
        train(dfc, "--epochs", "1");
        train(bp, "--method", "bp", "--epochs", "1");
        train(wide, "--method", "bp", "--epochs", "1", "--hidden", "13");
        Path file = bp.resolve("checkpoint.safetensors");

        Files.write(file, checkpoint(dfc));
        assertRefused(
                resume(bp, "--epochs", "2"),
                1,
                file + ": does not fit the run's configuration: parameters: the plan has no group",
                "\"Q\"");
        Files.write(file, checkpoint(wide));
        for (CommandRun refused :
                List.of(resume(bp, "--epochs", "2"), CommandRun.of("eval", bp.toString()))) {
            assertRefused(
                    refused,
                    1,
                    file + ": does not fit the run's configuration: W[0]: expected shape [12, ");
        }
    }
}
