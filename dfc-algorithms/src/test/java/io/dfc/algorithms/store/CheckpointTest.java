package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        return new Parameters(
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
                                OptimizerSlot.FORWARD,
                                new OptimizerState(1L << 40, moments, moments),
                                OptimizerSlot.FEEDBACK_PRETRAINING,
                                new OptimizerState(3, moments, List.of()),
                                OptimizerSlot.FEEDBACK,
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
                        0,
                        12.5));
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
    void anotherFormatOrVersionIsRefusedByName() {
        new TensorFile(Map.of("W.0", floats(1, 1, 1)), Map.of()).write(file());
        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        file()
                                + ": is no checkpoint of this program: format null, version null,"
                                + " expected dfc-checkpoint 1");

        rewritten("version", "99");
        assertThatThrownBy(() -> Checkpoint.read(file())).hasMessageContaining("version 99");
    }

    @ParameterizedTest
    @CsvSource({
        "progress, none, its progress record cannot be read",
        "progress, '[\"1\"]', its progress record cannot be read",
        "progress, '{}', its progress record cannot be read",
        "forward.steps, 1.5, expected a whole number of optimiser steps",
        "forward.steps, -1, expected a whole number of optimiser steps",
    })
    void aPropertyThatCannotBeReadIsNamed(String property, String value, String problem) {
        rewritten(property, value);

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "forward.first.0, NaN, numbers that are not finite",
        "forward.second.0, Infinity, numbers that are not finite",
        "forward.second.0, -0.5, negative number -0.5",
    })
    void optimiserStateThatCannotBeIsNamed(String tensor, float number, String problem) {
        Checkpoint.write(file(), snapshot(true));
        TensorFile sound = TensorFile.read(file());
        Map<String, Tensor> tensors = new LinkedHashMap<>(sound.tensors());
        Tensor spoiled = tensors.get(tensor).copy();
        spoiled.set(0, number);
        tensors.put(tensor, spoiled);
        new TensorFile(tensors, sound.properties()).write(file());

        assertThatThrownBy(() -> Checkpoint.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file() + ": tensor " + tensor)
                .hasMessageContaining(problem);
    }

    /** A checkpoint with a sound checksum and one property that is not. */
    private void rewritten(String property, String value) {
        Checkpoint.write(file(), snapshot(true));
        TensorFile sound = TensorFile.read(file());
        Map<String, String> properties = new HashMap<>(sound.properties());
        properties.put(property, value);
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
