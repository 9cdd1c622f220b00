package io.dfc.bench.cli.train;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs whose feedback weights learn on every n-th minibatch, and the checkpoints they keep. */
class FeedbackScheduleRunTest {
    /** Of the small configuration: 300 samples in minibatches of 50. */
    private static final int MINIBATCHES = 6;

    @TempDir private Path folder;

    private static String[] scheduled(String... more) {
        List<String> arguments = new ArrayList<>();
        for (String setting :
                List.of(
                        "feedback.estimator=expected",
                        "feedback.pretraining-epochs=0",
                        "feedback.pretraining-minibatches=8",
                        "feedback.epoch-before-forward=false",
                        "feedback.extra-epochs=0",
                        "feedback.every=4",
                        "keep-every=2")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private CommandRun train(String name, String... more) {
        return CommandRun.train(folder.resolve(name), scheduled(more));
    }

    private TrainingSnapshot checkpoint(String run, String file) {
        return Checkpoint.read(folder.resolve(run).resolve(file));
    }

    @Test
    void aRunCountsItsFeedbackMinibatchesAndContinuesFromACheckpointThatItKept()
            throws IOException {
        CommandRun run = train("run", "--epochs", "5");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("pre-training pass 1 done", "pre-training pass 2 done")
                .doesNotContain("pass 3");

        List<JsonNode> lines =
                Files.readAllLines(folder.resolve("run/metrics.jsonl")).stream()
                        .map(line -> JsonMapper.shared().readTree(line))
                        .toList();
        assertThat(lines)
                .hasSize(5)
                .extracting(line -> line.path("feedback_minibatches").asInt())
                .containsOnly(2);
        assertThat(lines)
                .extracting(
                        line ->
                                line.path("converged").asInt()
                                        + line.path("diverged").asInt()
                                        + line.path("undecided").asInt())
                .as("loops of the feedback weights are not counted")
                .containsOnly(300);
        TrainingSnapshot end = checkpoint("run", "checkpoint.safetensors");
        assertThat(end.progress().minibatches()).isEqualTo(8 + 5 * MINIBATCHES);
        assertThat(end.state().optimizers().get("feedback").steps()).isEqualTo(5 * 2);
        assertThat(end.state().optimizers().get("feedback-pretraining").steps()).isEqualTo(8);
        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.startsWith("checkpoint"))
                    .containsExactlyInAnyOrder(
                            "checkpoint.safetensors",
                            "checkpoint-epoch-2.safetensors",
                            "checkpoint-epoch-4.safetensors");
        }

        Path last = folder.resolve("run/checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(last);
        Files.copy(
                folder.resolve("run/checkpoint-epoch-2.safetensors"),
                last,
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(Checkpoint.read(last).progress().epochs()).isEqualTo(2);
        CommandRun resumed = CommandRun.of("train", "--resume", folder.resolve("run").toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readAllBytes(last)).isEqualTo(whole);
        assertThat(Files.readAllLines(folder.resolve("run/metrics.jsonl"))).hasSize(5);
    }

    @Test
    void contradictionsAreRefusedInOneLineBeforeAnythingIsWritten() {
        assertRefused(
                train("refused", "--set", "feedback.extra-epochs=1"),
                2,
                "feedback.every",
                "feedback.extra-epochs=0");
        assertRefused(train("refused", "--method", "dfc-fixed"), 2, "feedback.every", "dfc-fixed");
        assertRefused(train("refused", "--set", "keep-every=-1"), 2, "keep-every", "from 0");
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}
