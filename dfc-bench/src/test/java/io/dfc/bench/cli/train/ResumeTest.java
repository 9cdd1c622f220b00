package io.dfc.bench.cli.train;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How a run that stopped goes on, and what it must not do to the one before. */
class ResumeTest {
    @TempDir private Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    private Path file(String name) {
        return run().resolve(name);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private TrainingSnapshot checkpoint() {
        return Checkpoint.read(file("checkpoint.safetensors"));
    }

    private CommandRun resume(String... more) {
        java.util.ArrayList<String> arguments =
                new java.util.ArrayList<>(List.of("train", "--resume", run().toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    @Test
    void anEarlierEndThanWasReachedIsRefusedAndNothingChanges() throws IOException {
        CommandRun.train(run(), "--epochs", "3");
        String configuration = Files.readString(file("config.yaml"));
        String metrics = Files.readString(file("metrics.jsonl"));
        assertRefused(resume("--epochs", "1"), 2, "epochs", "3 epochs", "at least 3");
        assertThat(Files.readString(file("config.yaml"))).isEqualTo(configuration);
        assertThat(Files.readString(file("metrics.jsonl"))).isEqualTo(metrics);
        assertThat(resume("--epochs", "3").code()).isZero();
    }

    @Test
    void anotherBackendIsRecordedForItsEpochsAlone() throws IOException {
        CommandRun.train(run(), "--epochs", "2", "--backend", "reference");
        CommandRun resumed = resume("--epochs", "3", "--backend", "cpu-simd", "--threads", "1");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readString(file("config.yaml")))
                .contains("backend: reference", "epochs: 3", "threads: 0");
        assertThat(Files.readAllLines(file("metrics.jsonl")))
                .extracting(line -> json(line).path("backend").asString())
                .containsExactly("reference", "reference", "cpu-simd");
        JsonNode summary = json(Files.readString(file("summary.json")));
        assertThat(summary.path("backend").asString()).isEqualTo("reference, cpu-simd");
        JsonNode backends = summary.path("backends");
        assertThat(backends.path(0).path("first_epoch").asInt()).isEqualTo(1);
        assertThat(backends.path(0).path("last_epoch").asInt()).isEqualTo(2);
        assertThat(backends.path(1).path("backend").asString()).isEqualTo("cpu-simd");
        assertThat(backends.path(1).path("first_epoch").asInt()).isEqualTo(3);
    }

    /** A run that was killed after it had written its configuration, and before a checkpoint. */
    private void killedBeforeItsFirstCheckpoint() throws IOException {
        CommandRun.train(run());
        Files.delete(file("checkpoint.safetensors"));
        Files.delete(file("summary.json"));
    }

    @Test
    void theSameCommandStartsARunAnewThatWasKilledBeforeItsFirstCheckpoint() throws IOException {
        CommandRun.train(run());
        TrainingSnapshot whole = checkpoint();
        Files.delete(file("checkpoint.safetensors"));
        CommandRun again = CommandRun.train(run(), "--threads", "1");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("before its first checkpoint; it starts again");
        assertThat(checkpoint().state()).isEqualTo(whole.state());
        assertThat(Files.readAllLines(file("metrics.jsonl"))).hasSize(2);
    }

    @Test
    void resumingStartsFromTheConfigurationWhereThereIsNoCheckpointYet() throws IOException {
        CommandRun.train(run(), "--seed", "5");
        TrainingSnapshot whole = checkpoint();
        Files.delete(file("checkpoint.safetensors"));
        CommandRun resumed = resume();
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(checkpoint().state()).isEqualTo(whole.state());
    }

    @Test
    void theMessagesLeadOnWhereThereIsNoCheckpointYet() throws IOException {
        killedBeforeItsFirstCheckpoint();
        String configuration = Files.readString(file("config.yaml"));
        assertRefused(
                CommandRun.of("eval", run().toString()),
                1,
                "checkpoint",
                "train --resume " + run());
        assertRefused(
                CommandRun.train(run(), "--seed", "9"),
                2,
                "settings of another run",
                "seed is 1 there, 9 here",
                "--resume " + run());
        assertThat(Files.readString(file("config.yaml"))).isEqualTo(configuration);
        assertThat(resume().code()).isZero();
    }

    @Test
    void aFolderWithoutARunSaysHowToBeginOne() throws IOException {
        Files.createDirectory(run());
        assertRefused(resume(), 1, "config.yaml", "train --out " + run());
        CommandRun trained = CommandRun.train(run());
        assertThat(trained.code()).as(trained.err()).isZero();
    }

    @Test
    void aCheckpointWithoutConfigurationIsNotOverwritten() throws IOException {
        CommandRun.train(run());
        Files.delete(file("config.yaml"));
        byte[] before = Files.readAllBytes(file("checkpoint.safetensors"));
        assertRefused(CommandRun.train(run()), 2, "already holds a run");
        assertThat(Files.readAllBytes(file("checkpoint.safetensors"))).isEqualTo(before);
    }

    @Test
    void aRunThatIsBeingWrittenIsNotResumed() throws IOException {
        CommandRun.train(run(), "--epochs", "1");
        byte[] before = Files.readAllBytes(file("checkpoint.safetensors"));
        try (RunLease lease = RunLease.acquire(run())) {
            String process = "process " + ProcessHandle.current().pid();
            assertRefused(resume("--epochs", "2"), 2, "is being written by " + process);
            assertRefused(CommandRun.train(run()), 2, "is being written by " + process);
            lease.requireHeld();
        }
        assertThat(Files.readAllBytes(file("checkpoint.safetensors"))).isEqualTo(before);
        assertThat(resume("--epochs", "2").code()).isZero();
        assertThat(file("lease.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalSaysHowToContinueAndLeavesNothingBehind(String signal) throws Exception {
        Assumptions.assumeTrue(
                signal.equals("TERM") || heedsInterrupts(),
                "skipped: these tests were started where Ctrl-C is ignored");
        Process process =
                CommandRun.start(List.of(), CommandRun.trainArguments(run(), "--epochs", "2000"));
        while (process.isAlive() && !Files.exists(file("metrics.jsonl"))) {
            Thread.sleep(1);
        }
        assertRefused(resume(), 2, "is being written by process " + process.pid());
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(err).contains("interrupted; continue with: ./dfc train --resume " + run());
        try (var files = Files.list(run())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.yaml",
                            "data.json",
                            "metrics.jsonl",
                            "times.json",
                            "checkpoint.safetensors");
        }
        int reached = checkpoint().progress().epochs();
        CommandRun resumed = resume("--epochs", Integer.toString(reached + 1));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("continuing after epoch " + reached);
    }

    /** Whether SIGINT reaches processes that this one starts: a shell may have switched it off. */
    private static boolean heedsInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return true;
        }
        String ignored =
                Files.readAllLines(status).stream()
                        .filter(l -> l.startsWith("SigIgn:"))
                        .findFirst()
                        .orElse("SigIgn: 0")
                        .substring(7)
                        .strip();
        return (Long.parseUnsignedLong(ignored, 16) & 2) == 0;
    }

    @Test
    void aPathIsPrintedAsAShellTakesIt() {
        Path spaced = folder.resolve("my run");
        CommandRun.train(spaced, "--epochs", "1", "--method", "bp");
        assertRefused(CommandRun.train(spaced, "--epochs", "1"), 2, "--resume '" + spaced + "'");
    }

    @Test
    void aLaterEndIsSaidToStretchRatesThatFall() throws IOException {
        String[] linear = {"--method", "bp", "--set", "forward.schedule=linear", "--epochs", "2"};
        CommandRun.train(run(), linear);
        CommandRun longer = resume("--epochs", "4");
        assertThat(longer.code()).as(longer.err()).isZero();
        assertThat(longer.err())
                .containsOnlyOnce(
                        "learning rates fall to zero at the end of the run, now epoch 4 and not 2: epoch 3 begins with 50 %"
                                + " of the first rate, not 0 %");
        assertThat(Files.readAllLines(file("metrics.jsonl"))).hasSize(4);
        assertThat(resume().err()).doesNotContain("learning rates fall");
    }

    @Test
    void aLaterEndIsNoNewsWhereRatesAreConstant() {
        CommandRun.train(run(), "--method", "bp", "--epochs", "1");
        assertThat(resume("--epochs", "2").err()).doesNotContain("learning rates fall");
    }
}
