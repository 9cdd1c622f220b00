package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class TrainCommandTest {
    @TempDir private Path folder;

    private static JsonNode summary(Path run) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(run.resolve("summary.json")));
    }

    /**
     * The summary without the numbers that a clock gives and the thread count that a device may
     * name.
     */
    private static ObjectNode numbers(Path run) throws IOException {
        ObjectNode node = (ObjectNode) summary(run);
        node.remove(List.of("seconds_total", "seconds_per_epoch", "samples_per_second"));
        return node;
    }

    private static TrainingSnapshot checkpoint(Path run) {
        return Checkpoint.read(run.resolve("checkpoint.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dfc",
                "dfc-ss",
                "dfc-ssa",
                "dfc-fixed",
                "dfc-ss-fixed",
                "dfc-ssa-fixed",
                "bp"
            })
    void everyMethodTrainsWritesItsFolderAndIsEvaluatedAlike(String method) throws IOException {
        Path run = folder.resolve(method);
        CommandRun trained = CommandRun.train(run, "--method", method);
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains(method, "run folder", run.toString());
        assertThat(run).isDirectoryContaining("glob:**/config.yaml");
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(2);
        JsonNode summary = summary(run);
        assertThat(summary.path("method").asString()).isEqualTo(method);
        assertThat(summary.path("test_error").asDouble()).isBetween(0.0, 0.9);

        CommandRun evaluated = CommandRun.of("eval", run.toString(), "--json");
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        JsonNode result = JsonMapper.shared().readTree(evaluated.out());
        assertThat(result.path("test_error")).isEqualTo(summary.path("test_error"));
        assertThat(result.path("test_loss")).isEqualTo(summary.path("test_loss"));
    }

    @Test
    void theSameSeedGivesTheSameNumbersTwiceAndWithAnyNumberOfThreads() throws IOException {
        List<Path> runs = new ArrayList<>();
        for (String threads : List.of("1", "1", "2")) {
            Path run = folder.resolve("run" + runs.size());
            assertThat(CommandRun.train(run, "--seed", "7", "--threads", threads).code()).isZero();
            runs.add(run);
        }
        assertThat(numbers(runs.get(1))).isEqualTo(numbers(runs.getFirst()));
        assertThat(numbers(runs.get(2))).isEqualTo(numbers(runs.getFirst()));
        assertThat(checkpoint(runs.get(2)).state()).isEqualTo(checkpoint(runs.getFirst()).state());
    }

    @Test
    void ratesThatFallToZeroEndTheRunCalmlyAtItsLastEpoch() throws IOException {
        double[] losses = new double[3];
        String[] schedules = {"constant", "linear", "linear"};
        for (int i = 0; i < losses.length; i++) {
            Path run = folder.resolve("run" + i);
            // One step in an epoch: the first has the full rate, so that one epoch tells no
            // difference.
            CommandRun trained =
                    CommandRun.train(
                            run,
                            "--method",
                            "bp",
                            "--batch",
                            "300",
                            "--epochs",
                            i < 2 ? "1" : "9",
                            "--set",
                            "forward.schedule=" + schedules[i]);
            assertThat(trained.code()).as(trained.err()).isZero();
            losses[i] = summary(run).path("test_loss").asDouble();
            assertThat(summary(run).path("best_epoch")).isEqualTo(summary(run).path("epochs"));
        }
        assertThat(losses[1]).isEqualTo(losses[0]);
        Path constant = folder.resolve("constant");
        CommandRun.train(constant, "--method", "bp", "--batch", "300", "--epochs", "9");
        assertThat(summary(constant).path("test_loss").asDouble()).isLessThan(losses[2]);
        CommandRun bad = CommandRun.train(folder.resolve("bad"), "--set", "forward.schedule=x");
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.err()).contains("forward.schedule", "constant, linear").hasLineCount(1);
    }

    @Test
    void anotherSeedGivesOtherNumbers() throws IOException {
        CommandRun.train(folder.resolve("a"), "--seed", "1");
        CommandRun.train(folder.resolve("b"), "--seed", "2");
        assertThat(summary(folder.resolve("a")).path("test_loss"))
                .isNotEqualTo(summary(folder.resolve("b")).path("test_loss"));
    }

    @Test
    void aRunCanBeRepeatedFromItsOwnConfiguration() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        assertThat(CommandRun.train(first).code()).isZero();
        CommandRun again =
                CommandRun.of(
                        "train",
                        "--config",
                        first.resolve("config.yaml").toString(),
                        "--out",
                        second.toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(numbers(second)).isEqualTo(numbers(first));
    }

    @Test
    void aRunKilledInTheMiddleOfAnEpochContinuesToTheSameParameters() throws Exception {
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        assertThat(CommandRun.train(whole, "--epochs", "40").code()).isZero();
        Process process =
                CommandRun.start(List.of(), CommandRun.trainArguments(killed, "--epochs", "40"));
        Path metrics = killed.resolve("metrics.jsonl");
        while (process.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 3)) {
            Thread.sleep(1);
        }
        assertThat(process.isAlive()).as("killed before it ended").isTrue();
        process.destroyForcibly().waitFor();
        assertThat(killed.resolve("summary.json")).doesNotExist();

        CommandRun resumed = CommandRun.of("train", "--resume", killed.toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("continuing after epoch");
        assertThat(checkpoint(killed).state()).isEqualTo(checkpoint(whole).state());
        assertThat(checkpoint(killed).best()).isEqualTo(checkpoint(whole).best());
        assertThat(Files.readAllLines(metrics)).hasSize(40);
        assertThat(numbers(killed)).isEqualTo(numbers(whole));
    }

    @Test
    void aRunMayGoOnToALaterEpoch() throws IOException {
        Path shorter = folder.resolve("short");
        Path longer = folder.resolve("long");
        CommandRun.train(shorter, "--epochs", "1");
        CommandRun.train(longer, "--epochs", "3");
        CommandRun resumed =
                CommandRun.of("train", "--resume", shorter.toString(), "--epochs", "3");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(checkpoint(shorter).state()).isEqualTo(checkpoint(longer).state());
    }

    @Test
    void thePrecisionOfTheWeightsIsPartOfTheRun() throws IOException {
        List<String> rounded = List.of("--backend", "reference", "--set", "precision=bfloat16");
        Path shorter = folder.resolve("short");
        Path longer = folder.resolve("long");
        CommandRun.train(shorter, with(rounded, "--epochs", "1"));
        CommandRun.train(longer, with(rounded, "--epochs", "2"));
        CommandRun resumed =
                CommandRun.of("train", "--resume", shorter.toString(), "--epochs", "2");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readString(shorter.resolve("config.yaml")))
                .contains("precision: bfloat16");
        assertThat(checkpoint(shorter).state()).isEqualTo(checkpoint(longer).state());

        Path full = folder.resolve("full");
        CommandRun.train(full, "--backend", "reference", "--epochs", "2");
        assertThat(checkpoint(full).state()).isNotEqualTo(checkpoint(longer).state());
    }

    private static String[] with(List<String> arguments, String... more) {
        return Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aBackendThatDoesNotRoundDeclinesInOneLine() {
        CommandRun run =
                CommandRun.train(
                        folder.resolve("declined"),
                        "--backend",
                        "cpu-simd",
                        "--set",
                        "precision=bfloat16");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(run.err()).contains("it does not round weights to bfloat16");
    }

    @Test
    void theReferenceBackendLearnsTheSameUpToRounding() throws IOException {
        CommandRun.train(folder.resolve("fast"), "--backend", "cpu-simd", "--epochs", "1");
        CommandRun.train(folder.resolve("exact"), "--backend", "reference", "--epochs", "1");
        assertThat(summary(folder.resolve("fast")).path("train_loss").asDouble())
                .isCloseTo(
                        summary(folder.resolve("exact")).path("train_loss").asDouble(),
                        org.assertj.core.data.Offset.offset(1e-3));
    }

    @Test
    void aConfigurationOfNoEpochsTrainsTheFeedbackWeightsAlone() throws IOException {
        Path run = folder.resolve("pretrained");
        CommandRun trained =
                CommandRun.of(
                        "train",
                        "--config",
                        "toy/fig-s2-tanh/gamma-1",
                        "--set",
                        "feedback.pretraining-epochs=2",
                        "--limit",
                        "300",
                        "--out",
                        run.toString());
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("pre-training pass 2 done").doesNotContain("epoch 1");
        TrainingSnapshot end = checkpoint(run);
        assertThat(end.progress().pretrainingSweeps()).isEqualTo(2);
        assertThat(end.progress().epochs()).isZero();
        assertThat(end.state().optimizers()).containsKey("feedback-pretraining");
    }

    @Test
    void jsonPrintsTheSummaryAndNothingElse() throws IOException {
        Path run = folder.resolve("json");
        CommandRun trained = CommandRun.train(run, "--json");
        assertThat(JsonMapper.shared().readTree(trained.out())).isEqualTo(summary(run));
        assertThat(summary(run).propertyNames())
                .contains(
                        "method",
                        "data",
                        "backend",
                        "device",
                        "seed",
                        "epochs",
                        "test_error",
                        "test_loss",
                        "val_error",
                        "train_loss",
                        "seconds_total",
                        "seconds_per_epoch",
                        "samples_per_second",
                        "parameters",
                        "version");
    }
}
