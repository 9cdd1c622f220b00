package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.train.Evaluation;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

class CheckpointTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("checkpoint.safetensors");
    }

    private static Tensor floats(int rows, int columns, float first) {
        float[] x = new float[rows * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = first + 0.1f * i;
        }
        return Tensor.wrap(x, rows, columns);
    }

    private static Parameters parameters(float first, boolean bias) {
        return Parameters.of(
                List.of(floats(3, 2, first), floats(1, 3, first + 1)),
                bias
                        ? List.of(
                                Tensor.wrap(new double[] {1, 2, 3}, 3),
                                Tensor.wrap(new double[] {-0.0}, 1))
                        : List.of(),
                List.of(floats(3, 1, first + 2), floats(1, 1, first + 3)));
    }

    private static TrainingSnapshot snapshot(boolean bias) {
        Parameters p = parameters(1, bias);
        List<Tensor> moments = List.of(floats(3, 2, 9), floats(1, 3, 8));
        return new TrainingSnapshot(
                new EngineState(
                        p,
                        Map.of(
                                "forward",
                                new OptimizerState(1L << 40, moments, moments),
                                "feedback-pretraining",
                                new OptimizerState(3, moments, List.of()),
                                "feedback",
                                OptimizerState.fresh())),
                parameters(5, bias),
                new Progress(
                        1,
                        2,
                        3,
                        4,
                        2,
                        new Evaluation(0.1, 1.0 / 3),
                        Evaluation.NONE,
                        new Evaluation(Double.MIN_VALUE, 0),
                        new Evaluation(Math.PI, 1),
                        Double.POSITIVE_INFINITY,
                        0));
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

    @Test
    void aFileThatIsNoCheckpointIsRefused() {
        new TensorFile(Map.of("W[0]", floats(1, 1, 1)), Map.of()).write(file());
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        file()
                                + ": is no checkpoint: its property format is (unknown),"
                                + " expected dfc-checkpoint");
    }

    @Test
    void aCheckpointOfTheFirstFormIsRefusedInOneLineThatSaysWhatToDo() {
        new TensorFile(
                        Map.of("W.0", floats(1, 1, 1), "best.W.0", floats(1, 1, 1)),
                        Map.of("format", "dfc-checkpoint", "version", "1", "progress", "[]"))
                .write(file());
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        file()
                                + ": is a checkpoint of format 1, written by a version of dfc from"
                                + " before parameters had named groups, and this version reads"
                                + " format 2 alone; train anew in another folder, or use the version"
                                + " that wrote it");
    }

    @Test
    void aCheckpointOfALaterFormIsRefusedWithTheNameOfItsWriter() {
        rewritten("version", "7", "program", "dfc 9.1-beta");
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("of format 7, written by dfc 9.1-beta, and this version");
        rewritten("version", "7\nline", "program", "dfc\u001b[2J");
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .hasMessageContaining("of format (unknown), written by (unknown), and");
    }

    @ParameterizedTest
    @CsvSource({
        "progress.epochs, none, 'expected a whole number of at least 0, got none'",
        "progress.epochs, -1, 'expected a whole number of at least 0, got -1'",
        "progress.minibatches, 4294967296, 'expected a smaller number, got 4294967296'",
        "progress.sweeps, '', 'expected a whole number of at least 0, got '",
        "progress.last.loss, none, 'expected a number, got none'",
        "optimizer.forward.steps, 1.5, 'expected a whole number of at least 0, got 1.5'",
        "optimizer.forward.steps, -1, 'expected a whole number of at least 0, got -1'",
        "optimizer.forward.steps, 1e3, 'expected a whole number of at least 0, got 1e3'",
        "optimizer.forward.steps, 99999999999999999999, 'expected a whole number of at least 0'",
    })
    void aPropertyThatCannotBeReadIsNamed(String property, String value, String problem) {
        rewritten(property, value);

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file() + ": property " + property)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "progress.epochs",
                "progress.best-test.error",
                "progress.lowest-train-loss",
                "optimizer.forward.steps"
            })
    void aPropertyThatIsMissingIsNamed(String property) {
        Checkpoint.write(file(), snapshot(true));
        TensorFile sound = TensorFile.read(file());
        Map<String, String> properties = new HashMap<>(sound.properties());
        properties.remove(property);
        new TensorFile(sound.tensors(), properties).write(file());

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(
                        property.startsWith("progress")
                                ? "has no property " + property
                                : "tensor optimizer.forward.first[0] is nothing that a checkpoint");
    }

    @ParameterizedTest
    @CsvSource({
        "optimizer.forward.first[0], NaN, numbers that are not finite",
        "optimizer.forward.second[0], Infinity, numbers that are not finite",
        "optimizer.forward.second[0], -0.5, the negative number -0.5",
        "W[1], NaN, numbers that are not finite",
        "best.Q[0], -Infinity, numbers that are not finite",
    })
    void numbersThatCannotBeAreNamed(String tensor, float number, String problem) {
        changed(
                tensors -> {
                    Tensor spoiled = tensors.get(tensor).copy();
                    spoiled.set(0, number);
                    tensors.put(tensor, spoiled);
                });

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file() + ": tensor " + tensor)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"W.0", "W", "W[00]", "W[-1]", "W[+1]", "W[]", "[0]", "W[9999999999]"})
    void aNameOfAnotherFormIsRefused(String name) {
        changed(tensors -> tensors.put(name, floats(1, 1, 1)));

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        file() + ": tensor " + name + ": expected a name and a place, as in W[0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worst.W[0]",
                "best.best.W[0]",
                "optimizer.forward[0]",
                "optimizer.forward.third[0]",
                "optimizer.other.first[0]"
            })
    void aTensorThatBelongsNowhereIsRefused(String name) {
        changed(tensors -> tensors.put(name, floats(1, 1, 1)));

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file() + ": tensor " + name + " is nothing that a checkpoint has");
    }

    @Test
    void aMissingPlaceIsNamed() {
        changed(tensors -> tensors.put("b[3]", tensors.remove("b[1]")));
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file() + ": tensors b[0, 3]: expected the places 0 to 1");
        changed(tensors -> tensors.keySet().removeIf(name -> name.startsWith("W")));
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file() + ": has no weights W[0]");
        changed(tensors -> tensors.put("best.W[1]", Tensor.wrap(new float[3], 3)));
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file() + ": weights best.W are no matrices");
    }

    @Test
    void parametersOfOneRunHaveTheSameShapesInEveryEpoch() {
        changed(tensors -> tensors.put("best.W[1]", floats(1, 4, 1)));
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        file() + ": the parameters of its best epoch have the shapes {Q=[[3, 1], ");
        changed(tensors -> tensors.keySet().removeIf(name -> name.startsWith("best.Q")));
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .hasMessageContaining("the parameters of its best epoch");
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

    /** A checkpoint with a sound checksum and other tensors. */
    private void changed(Consumer<Map<String, Tensor>> change) {
        Checkpoint.write(file(), snapshot(true));
        TensorFile sound = TensorFile.read(file());
        Map<String, Tensor> tensors = new LinkedHashMap<>(sound.tensors());
        change.accept(tensors);
        new TensorFile(tensors, sound.properties()).write(file());
    }

    /** A checkpoint with a sound checksum and properties that are not. */
    private void rewritten(String... replaced) {
        Checkpoint.write(file(), snapshot(true));
        TensorFile sound = TensorFile.read(file());
        Map<String, String> properties = new HashMap<>(sound.properties());
        for (int i = 0; i < replaced.length; i += 2) {
            properties.put(replaced[i], replaced[i + 1]);
        }
        new TensorFile(sound.tensors(), properties).write(file());
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
