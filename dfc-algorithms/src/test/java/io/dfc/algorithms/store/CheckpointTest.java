package io.dfc.algorithms.store;

import static io.dfc.algorithms.store.CheckpointSamples.floats;
import static io.dfc.algorithms.store.CheckpointSamples.parameters;
import static io.dfc.algorithms.store.CheckpointSamples.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class CheckpointTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("checkpoint.safetensors");
    }

    @Test
    void everythingComesBackBitForBit() {
        for (boolean bias : new boolean[] {true, false}) {
            Checkpoint.write(file(), snapshot(bias));
            assertThat(Checkpoint.read(file())).isEqualTo(snapshot(bias));
        }
    }

    @Test
    void aRunThatHasNotBegunComesBackToo() {
        TrainingSnapshot start = TrainingSnapshot.start(parameters(1, true));
        Checkpoint.write(file(), start);

        assertThat(Checkpoint.read(file())).isEqualTo(start);
    }

    @Test
    void namesAreThoseOfGroupsAndOptimisersAndSorted() {
        Checkpoint.write(file(), snapshot(true));

        TensorFile contents = TensorFile.read(file());
        assertThat(contents.tensors().keySet())
                .containsExactly(
                        "Q[0]",
                        "Q[1]",
                        "W[0]",
                        "W[1]",
                        "b[0]",
                        "b[1]",
                        "best.Q[0]",
                        "best.Q[1]",
                        "best.W[0]",
                        "best.W[1]",
                        "best.b[0]",
                        "best.b[1]",
                        "optimizer.feedback-pretraining.first[0]",
                        "optimizer.feedback-pretraining.first[1]",
                        "optimizer.forward.first[0]",
                        "optimizer.forward.first[1]",
                        "optimizer.forward.second[0]",
                        "optimizer.forward.second[1]");
        assertThat(contents.properties())
                .containsEntry("format", "dfc-checkpoint")
                .containsEntry("version", "2")
                .containsEntry("optimizer.forward.steps", "1099511627776")
                .containsEntry("progress.epochs", "2");
    }

    @Test
    void groupsOfAMethodsOwnAndManyLayersComeBackToo() {
        List<Tensor> many = IntStream.range(0, 12).mapToObj(i -> floats(1, 1, i)).toList();
        Parameters own = new Parameters(Map.of("W", many, "best", many, "inverse-map", many));
        TrainingSnapshot snapshot =
                new TrainingSnapshot(
                        new EngineState(
                                own,
                                Map.of("odd.first [0]", new OptimizerState(1, many, List.of()))),
                        own.copy(),
                        Progress.none());
        Checkpoint.write(file(), snapshot);

        assertThat(Checkpoint.read(file())).isEqualTo(snapshot);
    }

    @Test
    void equalSnapshotsGiveEqualBytes() throws IOException {
        Checkpoint.write(file(), snapshot(true));
        byte[] first = Files.readAllBytes(file());
        Path other = folder.resolve("other");
        Checkpoint.write(other, snapshot(true));

        assertThat(Files.readAllBytes(other)).isEqualTo(first);
    }

    private static Plan plan(int hidden, String optimizer) {
        Plan.Builder builder =
                Plan.builder(
                        Network.of(new Activation.Tanh(), 2, hidden, 1),
                        Loss.MEAN_SQUARED_ERROR,
                        1);
        builder.optimizer(
                optimizer, new Optimization(new Optimizer.Sgd(0.5), 1), builder.feedbackWeights());
        return builder.build();
    }

    @Test
    void whatDoesNotFitTheRunIsRefusedWithTheNameOfTheFile() {
        Parameters p = parameters(1, true);
        List<Tensor> momentum = List.of(floats(3, 1, 0), floats(1, 1, 0));
        assertFit(p, momentum, plan(3, "feedback"));
        assertUnfit(p, momentum, plan(4, "feedback"), "W[0]: expected shape [4, 2]");
        assertUnfit(p, momentum, plan(3, "other"), "the run has no optimiser feedback");
        assertUnfit(
                p,
                List.of(floats(3, 1, 0)),
                plan(3, "feedback"),
                "optimizer.feedback.first: expected 2 tensors, got 1");
        assertUnfit(
                p,
                List.of(floats(1, 3, 0), floats(1, 1, 0)),
                plan(3, "feedback"),
                "optimizer.feedback.first[0]: expected shape [3, 1]");
        assertUnfit(
                p.only(List.of("W", "b")), momentum, plan(3, "feedback"), "Q: expected 2 tensors");
    }

    private static TrainingSnapshot with(Parameters parameters, List<Tensor> momentum) {
        return new TrainingSnapshot(
                new EngineState(
                        parameters, Map.of("feedback", new OptimizerState(1, momentum, List.of()))),
                parameters,
                Progress.none());
    }

    private void assertFit(Parameters parameters, List<Tensor> momentum, Plan plan) {
        Checkpoint.requireFit(file(), with(parameters, momentum), plan);
    }

    private void assertUnfit(
            Parameters parameters, List<Tensor> momentum, Plan plan, String problem) {
        assertThatThrownBy(() -> Checkpoint.requireFit(file(), with(parameters, momentum), plan))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(file() + ": does not fit the run's configuration: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aPlanTakesTheGroupsThatItKnows() {
        Parameters p = parameters(1, true);
        Plan evaluation =
                Plan.evaluation(
                        Network.of(new Activation.Tanh(), 2, 3, 1), Loss.MEAN_SQUARED_ERROR, 1);

        assertThat(Checkpoint.select(file(), p, evaluation)).isEqualTo(p.only(List.of("W", "b")));
        assertThatThrownBy(() -> Checkpoint.select(file(), p, plan(4, "feedback")))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(file() + ": does not fit");
    }

    @Test
    void anOlderCheckpointSurvivesAWriteThatFails() throws IOException {
        Checkpoint.write(file(), snapshot(true));
        byte[] before = Files.readAllBytes(file());
        // The file that is written first cannot be opened: its name is taken by a folder.
        Path part = Files.createDirectory(folder.resolve(file().getFileName() + ".part"));

        assertThatThrownBy(() -> Checkpoint.write(file(), snapshot(false)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot write " + file());
        assertThat(Files.readAllBytes(file())).isEqualTo(before);

        Files.deleteIfExists(part);
        Checkpoint.write(file(), snapshot(false));
        assertThat(Checkpoint.read(file())).isEqualTo(snapshot(false));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }
}
