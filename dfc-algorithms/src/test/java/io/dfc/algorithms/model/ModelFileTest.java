package io.dfc.algorithms.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.store.TensorFile;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;
import io.dfc.api.spi.Backends;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Files that are no model, or a damaged one, are refused in one line; what is written is whole. */
class ModelFileTest {
    @TempDir private static Path shared;
    @TempDir private Path folder;

    private static Path good;

    @BeforeAll
    static void save() {
        good = shared.resolve("good.dfc");
        try (Model model = Blobs.fitted(Dfc.analytic(), 1)) {
            model.save(good);
        }
    }

    private static void refused(Path file, Class<? extends DfcException> kind, String words) {
        assertThatThrownBy(() -> Model.load(file, Backends.named("reference")))
                .isExactlyInstanceOf(kind)
                .hasMessageStartingWith(
                        kind == StorageException.class ? "cannot read " + file : file.toString())
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }

    private Path changed(Consumer<Map<String, String>> change) {
        TensorFile contents = TensorFile.read(good);
        Map<String, String> properties = new TreeMap<>(contents.properties());
        change.accept(properties);
        Path file = folder.resolve("changed.dfc");
        new TensorFile(contents.tensors(), properties).write(file);
        return file;
    }

    @Test
    void holdsAllThatItNeedsUnderNamesThatOtherProgramsRead() {
        TensorFile contents = TensorFile.read(good);
        assertThat(contents.tensors())
                .containsKeys("W[0]", "W[1]", "b[0]", "b[1]", "Q[0]", "Q[1]")
                .containsKey("optimizer.forward.first[0]");
        assertThat(contents.tensors().get("W[0]").shape()).containsExactly(16, 4);
        assertThat(contents.properties())
                .containsEntry("format", "dfc-model")
                .containsEntry("version", "1")
                .containsKeys("program", "properties-crc32c");
        assertThat(contents.properties().get("configuration"))
                .contains("method: dfc-ssa", "tanh", "seed: 1", "loss: cross-entropy", "feedback:");
        assertThat(contents.properties().get("data"))
                .contains("fingerprint", "mean", "deviation", "classes");
    }

    @Test
    void missingFoldersAndForeignFilesAreRefused() throws IOException {
        refused(folder.resolve("none.dfc"), StorageException.class, "no such file");
        refused(folder, StorageException.class, "");
        Path text = Files.writeString(folder.resolve("text"), "a,b,c\n1,2,3\n");
        refused(text, BadDataException.class, "not a safetensors file?");
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        refused(empty, BadDataException.class, "ends after 0 bytes");
        Path tensors = folder.resolve("tensors");
        new TensorFile(Map.of("W[0]", Tensor.wrap(new float[4], 2, 2)), Map.of()).write(tensors);
        refused(tensors, BadDataException.class, "is no model: its property format is (unknown)");
        Path checkpoint = changed(p -> p.put("format", "dfc-checkpoint"));
        refused(checkpoint, BadDataException.class, "is a checkpoint and no model");
    }

    @Test
    void aLaterFormatNamesTheProgramThatWroteIt() {
        Path later =
                changed(
                        p -> {
                            p.put("version", "7");
                            p.put("program", "dfc 9.1.0");
                        });
        refused(
                later,
                BadDataException.class,
                "is a model of format 7, written by dfc 9.1.0, and this version reads format 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"configuration", "data", "properties-crc32c", "progress.epochs"})
    void aMissingPropertyIsSaid(String key) {
        refused(
                changed(p -> p.remove(key)),
                BadDataException.class,
                key.startsWith("progress") ? "is damaged" : key.startsWith("prop") ? key : "");
    }

    @Test
    void aChangedPropertyIsNoticed() {
        refused(
                changed(p -> p.put("data", p.get("data").replace("mean", "mane"))),
                BadDataException.class,
                "is damaged: checksum of its properties");
    }

    /** Of every kind of place in the file one byte, and every length. */
    @Test
    void everyDamagedByteAndEveryLengthIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(good);
        Path file = folder.resolve("damaged.dfc");
        for (int at = 0; at < bytes.length; at += 1 + bytes.length / 300) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertThatThrownBy(() -> ModelFile.read(file))
                    .as("byte %d", at)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageNotContaining("\n");
            Files.write(file, Arrays.copyOf(bytes, at));
            assertThatThrownBy(() -> ModelFile.read(file))
                    .as("length %d", at)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        try (Model model = Blobs.fitted(Methods.named("bp"), 1)) {
            Path file = folder.resolve("no-such-folder/model");
            assertThatThrownBy(() -> model.save(file))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot write " + file);
            Path old = Files.writeString(folder.resolve("old"), "old");
            model.save(old);
            assertThat(Files.readAllBytes(old).length).isGreaterThan(100);
            assertThat(new String(Files.readAllBytes(old), StandardCharsets.ISO_8859_1))
                    .contains("dfc-model");
        }
    }
}
