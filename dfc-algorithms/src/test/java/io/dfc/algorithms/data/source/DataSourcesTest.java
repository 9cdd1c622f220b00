package io.dfc.algorithms.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.download.DataCache;
import io.dfc.algorithms.data.synthetic.StudentTeacher;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.stream.IntStream;

class DataSourcesTest {
    @TempDir private Path folder;

    private DataOptions options;

    @BeforeEach
    void useAnEmptyCache() {
        options =
                DataOptions.defaults()
                        .withCache(new DataCache(folder.resolve("cache")))
                        .withGlyphs(new SplitSizes(20, 10, 10))
                        .withStudentTeacher(
                                new StudentTeacher(3, 2, 7, 2, new SplitSizes(40, 10, 10)));
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> DataSources.load("mnits", options))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(
                        "data: no data set 'mnits'; expected glyphs, student-teacher, mnist, fashion-mnist, "
                                + "glyphs-autoencoder, mnist-autoencoder, fashion-mnist-autoencoder, csv:FILE or idx:DIR");
    }

    @Test
    void missingFilesNameTheFoldersAndTheCommand() {
        DataOptions there = options.withDirectory(folder.resolve("d"));
        assertThatThrownBy(() -> DataSources.load("mnist", there))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        "mnist: files not found, looked in "
                                + folder.resolve("d/mnist")
                                + " (there is no folder "
                                + folder.resolve("d")
                                + ") and "
                                + folder.resolve("d")
                                + " (no such file or folder); get them with './dfc data fetch mnist' or name their folder with --data-dir");
        assertThatThrownBy(() -> DataSources.load("fashion-mnist-autoencoder", options))
                .hasMessageContaining(folder.resolve("cache/fashion-mnist").toString())
                .hasMessageContaining("'./dfc data fetch fashion-mnist'");
    }

    @Test
    void aFolderThatIsNotCompleteSaysWhatItLacks() {
        IdxFiles.write(folder.resolve("cache/mnist"), "t10k-labels-idx1-ubyte.gz", new byte[1]);
        assertThatThrownBy(() -> DataSources.load("mnist", options))
                .hasMessageContaining(
                        "which lacks train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte)");
    }

    @Test
    void theNamedFolderIsLookedAtBeforeItsParent() {
        IdxFiles.folder(folder.resolve("d"), 24);
        assertThat(
                        DataSources.load("mnist", options.withDirectory(folder.resolve("d")))
                                .train()
                                .size())
                .isEqualTo(22);
        IdxFiles.folder(folder.resolve("d/mnist"), 36);
        assertThat(
                        DataSources.load("mnist", options.withDirectory(folder.resolve("d")))
                                .train()
                                .size())
                .isEqualTo(33);
    }

    @Test
    void aTwelfthIsHeldOutAndEveryImageKeepsItsLabel() {
        IdxFiles.folder(folder, 120);
        DataSplits data = DataSources.load("mnist", options.withDirectory(folder));
        assertThat(data.validation().size()).isEqualTo(10);
        double[] greys = new double[120];
        for (int i = 0; i < 120; i++) {
            DataSet part = i < 110 ? data.train() : data.validation();
            int at = i < 110 ? i : i - 110;
            double[] x = new double[1];
            part.copyInputs(new int[] {at}, 0, 1, Rows.of(x, part.inputSize()));
            greys[i] = Math.round((x[0] * 0.3081 + 0.1307) * 255);
            assertThat(part.label(at)).isEqualTo((int) greys[i] % 3);
        }
        assertThat(greys).isNotEqualTo(IntStream.range(0, 120).asDoubleStream().toArray());
        assertThat(greys)
                .containsExactlyInAnyOrder(IntStream.range(0, 120).asDoubleStream().toArray());
    }

    @Test
    void theSplitDoesNotDependOnTheSeed() {
        IdxFiles.folder(folder, 120);
        DataOptions there = options.withDirectory(folder);
        assertThat(DataSources.load("mnist", there.withSeed(1)).fingerprint())
                .isEqualTo(DataSources.load("mnist", there.withSeed(2)).fingerprint());
    }

    @Test
    void withoutValidationAllImagesTrain() {
        IdxFiles.folder(folder, 36);
        DataSplits data =
                DataSources.load("mnist", options.withDirectory(folder).withHoldOut(false));
        assertThat(data.train().size()).isEqualTo(36);
        assertThat(data.validation().size()).isZero();
    }

    @Test
    void aFolderOfTheUserIsStandardised() {
        IdxFiles.folder(folder, 24);
        DataSplits data = DataSources.load("idx:" + folder, options.withHoldOut(false));
        double[] x = new double[24];
        data.train()
                .copyInputs(
                        IntStream.range(0, 24).toArray(),
                        0,
                        24,
                        Rows.of(x, data.train().inputSize()));
        assertThat(IntStream.range(0, 24).mapToDouble(i -> x[i]).sum()).isBetween(-1e-9, 1e-9);
        assertThat(IntStream.range(0, 24).mapToDouble(i -> x[i] * x[i]).sum())
                .isBetween(24 - 1e-9, 24 + 1e-9);
        assertThat(data.train().outputSize()).isEqualTo(3);
    }

    @Test
    void labelsThatAreTooFewAreRefused() {
        IdxFiles.folder(folder, 24);
        IdxFiles.write(folder, "t10k-labels.idx1-ubyte.gz", IdxFiles.labels(2, (byte) 0, (byte) 1));
        assertThatThrownBy(() -> DataSources.load("idx:" + folder, options))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(
                        "t10k-labels.idx1-ubyte.gz: at byte 4: expected 3 labels, one per image, found 2");
    }

    @Test
    void aLabelOutOfRangeIsLocated() {
        IdxFiles.folder(folder, 24);
        IdxFiles.write(
                folder,
                "t10k-labels.idx1-ubyte.gz",
                IdxFiles.labels(3, (byte) 0, (byte) 10, (byte) 0));
        assertThatThrownBy(() -> DataSources.load("mnist", options.withDirectory(folder)))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith("at byte 9: expected a label in 0..9, found 10");
    }

    @Test
    void testImagesOfAnotherSizeAreRefused() {
        IdxFiles.folder(folder, 24);
        IdxFiles.write(folder, "t10k-images-idx3-ubyte.gz", IdxFiles.images(3, 1, 2, new byte[6]));
        assertThatThrownBy(() -> DataSources.load("idx:" + folder, options))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(
                        "expected images of 1 x 1 pixels as in training, found 1 x 2");
    }

    @Test
    void pathsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> DataSources.load("csv:", options))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage("data: expected a path after 'csv:', found ''");
        assertThatThrownBy(() -> DataSources.load("idx:" + folder.resolve("none"), options))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        folder.resolve("none")
                                + ": no such file or folder, expected four IDX files in it");
    }

    @Test
    void theNameOfAFileIsNotTakenForThatOfADataSet() {
        String file = IdxFiles.write(folder, "iris.csv", new byte[1]).toString();
        assertThatThrownBy(() -> DataSources.load(file, options))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageEndingWith("; did you mean csv:" + file + "?");
        assertThatThrownBy(() -> DataSources.load(folder.toString(), options))
                .hasMessageEndingWith("; did you mean idx:" + folder + "?");
    }

    @Test
    void publicDataAreFoundWhereTorchvisionPutsThem() {
        IdxFiles.folder(folder.resolve("MNIST/raw"), 24);
        IdxFiles.folder(folder.resolve("FashionMNIST/raw"), 36);
        for (String above : new String[] {"", "MNIST", "MNIST/raw"}) {
            DataOptions there = options.withDirectory(folder.resolve(above));
            assertThat(DataSources.load("mnist", there).train().size()).isEqualTo(22);
        }
        assertThat(DataSources.load("fashion-mnist", options.withDirectory(folder)).train().size())
                .isEqualTo(33);
    }

    @Test
    void pathsAreMadeAbsoluteAndTheTildeIsThatOfTheUser() {
        assertThat(DataSources.absolute("csv:a/../b.csv"))
                .isEqualTo("csv:" + Path.of("b.csv").toAbsolutePath());
        assertThat(DataSources.absolute("idx:~/x"))
                .isEqualTo("idx:" + Path.of(System.getProperty("user.home"), "x"));
        assertThat(DataSources.absolute("mnist")).isEqualTo("mnist");
        assertThat(DataSources.shortName("csv:/a/my iris.csv.gz")).isEqualTo("my iris");
    }

    @Test
    void glyphsAreTheSameForEverySeed() {
        assertThat(DataSources.load("glyphs", options.withSeed(1)).fingerprint())
                .isEqualTo(DataSources.load("glyphs", options.withSeed(2)).fingerprint());
    }

    @Test
    void anAutoencoderLearnsItsInputs() {
        DataSplits data = DataSources.load("glyphs-autoencoder", options);
        assertThat(data.train().outputSize()).isEqualTo(784);
        assertThat(data.test().name()).isEqualTo("glyphs-autoencoder");
    }

    @Test
    void studentTeacherFollowsTheSeedAndTheHoldOut() {
        assertThat(DataSources.load("student-teacher", options.withSeed(1)).fingerprint())
                .isNotEqualTo(
                        DataSources.load("student-teacher", options.withSeed(2)).fingerprint());
        assertThat(
                        DataSources.load("student-teacher", options.withHoldOut(false))
                                .validation()
                                .size())
                .isZero();
    }

    @Test
    void everyNameIsDescribed() {
        IdxFiles.folder(folder.resolve("cache/mnist"), 24);
        assertThat(DataSources.describe(options))
                .extracting(DataDescription::name)
                .containsAll(DataSources.names())
                .endsWith("csv:FILE", "idx:DIR");
        assertThat(DataSources.describe(options))
                .filteredOn(d -> d.name().endsWith("mnist-autoencoder"))
                .extracting(DataDescription::available, DataDescription::origin)
                .containsExactly(
                        tuple(true, folder.resolve("cache/mnist").toString()),
                        tuple(false, "./dfc data fetch fashion-mnist"));
    }

    @Test
    void descriptionsAgreeWithWhatIsLoaded() {
        for (DataDescription description : DataSources.describe(options)) {
            if (description.available() && description.shape().isPresent()) {
                DataSplits data = DataSources.load(description.name(), options);
                assertThat(description.shape())
                        .contains(
                                new DataDescription.Shape(
                                        data.train().inputSize(),
                                        data.train().outputSize(),
                                        new SplitSizes(
                                                data.train().size(),
                                                data.validation().size(),
                                                data.test().size())));
            }
        }
    }
}
