package io.dfc.algorithms.store;

import static io.dfc.algorithms.store.CheckpointSamples.floats;
import static io.dfc.algorithms.store.CheckpointSamples.snapshot;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Checkpoints that are none, or of another format, or hold what cannot be. */
class MalformedCheckpointTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("checkpoint.safetensors");
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
}
