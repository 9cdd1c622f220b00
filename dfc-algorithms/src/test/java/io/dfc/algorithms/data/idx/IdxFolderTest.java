package io.dfc.algorithms.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Folders of IDX files as people have them. */
class IdxFolderTest {
    @TempDir private Path folder;

    /** 24 training images whose labels are given in turn, and 2 for the test. */
    private static Path write(Path folder, String[] names, int... labels) {
        byte[] pixels = new byte[24];
        byte[] classes = new byte[24];
        for (int i = 0; i < 24; i++) {
            pixels[i] = (byte) i;
            classes[i] = (byte) labels[i % labels.length];
        }
        IdxFiles.write(folder, names[0], IdxFiles.images(24, 1, 1, pixels));
        IdxFiles.write(folder, names[1], IdxFiles.labels(24, classes));
        IdxFiles.write(folder, names[2], IdxFiles.images(2, 1, 1, (byte) 7, (byte) 8));
        byte last = (byte) labels[labels.length - 1];
        IdxFiles.write(folder, names[3], IdxFiles.labels(2, (byte) labels[0], last));
        return folder;
    }

    private static String[] names(String style) {
        return IntStream.range(0, 4)
                .mapToObj(
                        i ->
                                style.replace("PART", i < 2 ? "train" : "t10k")
                                        .replace("WHAT", i % 2 == 0 ? "images" : "labels")
                                        .replace("N", i % 2 == 0 ? "3" : "1"))
                .toArray(String[]::new);
    }

    private static DataSplits load(Path folder) {
        return IdxFolder.require(folder)
                .load("idx", Optional.empty(), Optional.empty(), true, Optional.empty());
    }

    @Test
    void aSingleClassIsRefused() {
        write(folder, names("PART-WHAT-idxN-ubyte"), 5);
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("train-labels-idx1-ubyte")
                .hasMessageContaining("expected labels of at least 2 classes, found 24 times 5");
    }

    @Test
    void numbersWhoseSpreadOverflowsAreRefused() {
        write(folder, names("PART-WHAT-idxN-ubyte"), 0, 1);
        ByteBuffer doubles =
                ByteBuffer.allocate(16 + 24 * 8).putInt(0xE03).putInt(24).putInt(1).putInt(1);
        for (int i = 0; i < 24; i++) {
            doubles.putDouble(i * 1e300);
        }
        IdxFiles.write(folder, "train-images-idx3-ubyte", doubles.array());
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("train-images-idx3-ubyte: numbers too far apart");
    }

    private static List<String> classes(DataSplits data) {
        return ((TargetEncoding.Classes) data.encoding().orElseThrow().targets()).names();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PART-WHAT-idxN-ubyte",
                "PART-WHAT.idxN-ubyte",
                "PART_WHAT_idxN_ubyte",
                "Part-What-IdxN-Ubyte",
                "emnist-letters-PART-WHAT-idxN-ubyte",
                "PART-WHAT.idx",
                "PART-WHAT-idxN-float"
            })
    void filesAreFoundHoweverTheirNamesAreWritten(String style) {
        String[] names = names(style.replace("Part", "PART").replace("What", "WHAT"));
        if (style.startsWith("Part")) {
            for (int i = 0; i < names.length; i++) {
                names[i] = names[i].toUpperCase(java.util.Locale.ROOT);
            }
        }
        assertThat(load(write(folder, names, 0, 1)).train().size()).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MNIST", "MNIST/raw"})
    void foldersOfTorchvisionAreFoundFromAnyLevel(String from) {
        write(folder.resolve("MNIST/raw"), names("PART-WHAT-idxN-ubyte"), 0, 1);
        assertThat(load(folder.resolve(from)).train().size()).isEqualTo(22);
    }

    @Test
    void severalDataSetsBelowOneFolderAreNamed() {
        write(folder.resolve("MNIST/raw"), names("PART-WHAT-idxN-ubyte"), 0, 1);
        write(folder.resolve("KMNIST/raw"), names("PART-WHAT-idxN-ubyte"), 0, 1);
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(folder.resolve("KMNIST/raw").toString())
                .hasMessageContaining(folder.resolve("MNIST/raw").toString());
        Path mixed = folder.resolve("mixed");
        write(mixed, names("emnist-letters-PART-WHAT-idxN-ubyte"), 0, 1);
        write(mixed, names("emnist-digits-PART-WHAT-idxN-ubyte"), 0, 1);
        assertThatThrownBy(() -> load(mixed))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("several data sets");
    }

    @Test
    void whatIsMissingIsCalledMissing() throws IOException {
        assertThatThrownBy(() -> load(folder.resolve("none")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no such file or folder");
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> load(file)).hasMessageContaining("is a file and no folder");
        write(folder, names("PART-WHAT-idxN-ubyte"), 0, 1);
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        assertThatThrownBy(() -> load(folder))
                .hasMessageEndingWith("missing t10k-labels-idx1-ubyte");
    }

    @ParameterizedTest
    @CsvSource({"1 2 3,1 2 3", "0 5 9,0 5 9", "0 1 255,0 1 255"})
    void labelsWithHolesOrFromOneAreNamesOfClasses(String labels, String names) {
        int[] values = Arrays.stream(labels.split(" ")).mapToInt(Integer::parseInt).toArray();
        DataSplits data = load(write(folder, names("PART-WHAT-idxN-ubyte"), values));
        assertThat(data.train().outputSize()).isEqualTo(3);
        assertThat(classes(data)).containsExactly(names.split(" "));
        assertThat(data.notes())
                .anyMatch(note -> note.contains("3 classes, named by their labels"));
    }

    @Test
    void labelsFromZeroOnNeedNoNote() {
        assertThat(load(write(folder, names("PART-WHAT-idxN-ubyte"), 0, 1, 2)).notes()).isEmpty();
    }

    @Test
    void aTestLabelThatWasNeverTrainedIsLocated() {
        write(folder, names("PART-WHAT-idxN-ubyte"), 1, 2);
        IdxFiles.write(folder, "t10k-labels-idx1-ubyte", IdxFiles.labels(2, (byte) 1, (byte) 3));
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith("at byte 9: expected a label in 1, 2, found 3");
    }

    @Test
    void numbersOfAnyTypeAreReadAndStandardised() {
        write(folder, names("PART-WHAT-idxN-ubyte"), 0, 1);
        ByteBuffer floats = ByteBuffer.allocate(16 + 4 * 24).putInt(0x0D03).putInt(24);
        floats.putInt(1).putInt(1);
        ByteBuffer doubles = ByteBuffer.allocate(16 + 8 * 2).putInt(0x0E03).putInt(2);
        doubles.putInt(1).putInt(1).putDouble(-1).putDouble(1e3);
        ByteBuffer labels = ByteBuffer.allocate(8 + 4 * 24).putInt(0x0C01).putInt(24);
        for (int i = 0; i < 24; i++) {
            floats.putFloat(0.25f * i);
            labels.putInt(i % 2);
        }
        IdxFiles.write(folder, "train-images-idx3-ubyte", floats.array());
        IdxFiles.write(folder, "train-labels-idx1-ubyte", labels.array());
        IdxFiles.write(folder, "t10k-images-idx3-ubyte", doubles.array());
        DataSplits data = load(folder);
        double[] x = new double[22];
        data.train()
                .copyInputs(
                        IntStream.range(0, 22).toArray(),
                        0,
                        22,
                        Rows.of(x, data.train().inputSize()));
        assertThat(IntStream.range(0, 22).mapToDouble(i -> Math.abs(x[i])).max().orElseThrow())
                .isBetween(1.0, 2.0);
        double[] y = new double[1];
        data.test().copyInputs(new int[1], 0, 1, Rows.of(y, data.test().inputSize()));
        ImageEncoding encoding = (ImageEncoding) data.encoding().orElseThrow();
        assertThat(y[0] * encoding.normalization().deviation() + encoding.normalization().mean())
                .isCloseTo(-1, within(1e-9));
    }

    @Test
    void aNumberThatIsNotFiniteIsLocated() {
        write(folder, names("PART-WHAT-idxN-ubyte"), 0, 1);
        ByteBuffer floats =
                ByteBuffer.allocate(16 + 8).putInt(0x0D03).putInt(2).putInt(1).putInt(1);
        floats.putFloat(1).putFloat(Float.NaN);
        IdxFiles.write(folder, "t10k-images-idx3-ubyte", floats.array());
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("at byte 20: expected a finite number, found NaN");
    }
}
