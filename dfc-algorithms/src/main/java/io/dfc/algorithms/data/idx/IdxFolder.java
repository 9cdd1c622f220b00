package io.dfc.algorithms.data.idx;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.idx.IdxNames.Role;
import io.dfc.algorithms.data.sampling.CounterRandom;
import io.dfc.algorithms.data.sampling.HoldOut;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder with the four files of a data set of the MNIST kind; under any of their usual names.
 *
 * @param trainImages training images
 * @param trainLabels training labels
 * @param testImages test images
 * @param testLabels test labels
 */
public record IdxFolder(Path trainImages, Path trainLabels, Path testImages, Path testLabels) {
    /** The published splits hold out 5000 of 60000. */
    private static final int HELD_OUT_DIVISOR = 12;

    private static final int GREY_LEVELS = 256;
    private static final double WHITE = GREY_LEVELS - 1;
    private static final long SPLIT_SEED = 550_005_000L;

    /**
     * Finds the files of a folder.
     *
     * @param folder the folder
     * @return its files, if all four are there
     */
    public static Optional<IdxFolder> find(Path folder) {
        Map<Role, Path> files = IdxNames.files(folder);
        Path trainImages = files.get(Role.TRAIN_IMAGES);
        Path trainLabels = files.get(Role.TRAIN_LABELS);
        Path testImages = files.get(Role.TEST_IMAGES);
        Path testLabels = files.get(Role.TEST_LABELS);
        return trainImages == null
                        || trainLabels == null
                        || testImages == null
                        || testLabels == null
                ? Optional.empty()
                : Optional.of(new IdxFolder(trainImages, trainLabels, testImages, testLabels));
    }

    /**
     * Finds what a folder lacks.
     *
     * @param folder the folder
     * @return the usual names of the missing files
     */
    public static List<String> missing(Path folder) {
        Map<Role, Path> files = IdxNames.files(folder);
        return Arrays.stream(Role.values())
                .filter(role -> !files.containsKey(role))
                .map(Role::usualName)
                .toList();
    }

    /**
     * The files of a folder of the user, or of the one below it that has all four.
     *
     * @param folder the folder
     * @return its files
     * @throws StorageException if one is missing
     */
    public static IdxFolder require(Path folder) {
        IdxNames.requireFolder(folder);
        return IdxNames.complete(folder)
                .flatMap(IdxFolder::find)
                .orElseThrow(
                        () ->
                                new StorageException(
                                        folder
                                                + ": expected four IDX files (plain or .gz), missing "
                                                + String.join(", ", missing(folder))));
    }

    /**
     * Reads the files. Training images are put into a fixed random order that depends on their
     * number alone; the last twelfth of them (5000 of 60000) is held out for validation.
     *
     * @param name name of the data set
     * @param normalization map from grey levels to inputs; if absent, the training images are
     *     standardised
     * @param classes number of classes, from label 0 on; if absent, the training labels are the
     *     names of the classes
     * @param holdOut whether there is a validation set
     * @param fitted encoding with which the data are read; absent: it is fitted to the training
     *     samples
     * @return training, validation and test images
     * @throws BadDataException if a file is damaged
     */
    public DataSplits load(
            String name,
            Optional<Normalization> normalization,
            Optional<Integer> classes,
            boolean holdOut,
            Optional<FittedEncoding> fitted) {
        IdxReader.Images train = IdxReader.images(trainImages);
        IdxReader.Images test = IdxReader.images(testImages);
        if (train.rows() != test.rows() || train.columns() != test.columns()) {
            throw new BadDataException(
                    testImages.toString(),
                    "at byte 8: expected images of "
                            + train.rows()
                            + " x "
                            + train.columns()
                            + " pixels as in training, found "
                            + test.rows()
                            + " x "
                            + test.columns());
        }
        int[] trainClasses = labels(trainLabels, train);
        int[] testClasses = labels(testLabels, test);
        List<String> names =
                fitted.map(f -> names(f.encoding())).orElseGet(() -> names(trainClasses, classes));
        if (names.size() < 2) {
            throw new BadDataException(
                    trainLabels.toString(),
                    "expected labels of at least 2 classes, found "
                            + train.count()
                            + " times "
                            + String.join("", names));
        }
        ImageEncoding encoding =
                fitted.map(f -> encodingFor(f, train, trainImages))
                        .orElseGet(() -> encoding(trainImages, train, normalization, names));
        DataSet all = dataSet(name, train, encoding, trainLabels, trainClasses, names);
        DataSet testSet = dataSet(name, test, encoding, testLabels, testClasses, names);
        int[] order = new CounterRandom(SPLIT_SEED, 0, 0).permutation(all.size());
        DataSplits splits =
                HoldOut.last(all, order, holdOut ? all.size() / HELD_OUT_DIVISOR : 0, testSet);
        return new DataSplits(
                splits.train(),
                splits.validation(),
                splits.test(),
                Optional.of(encoding),
                notes(names));
    }

    /**
     * The test images, read with an encoding that was fitted before.
     *
     * @param name name of the data set
     * @param fitted the encoding
     * @return the images
     * @throws BadDataException if a file is damaged or its classes are others
     */
    public DataSet test(String name, FittedEncoding fitted) {
        IdxReader.Images images = IdxReader.images(testImages);
        ImageEncoding encoding = encodingFor(fitted, images, testImages);
        int[] labels = labels(testLabels, images);
        return dataSet(name, images, encoding, testLabels, labels, names(encoding));
    }

    /** The fitted encoding, if it is one of images of this size. */
    static ImageEncoding encodingFor(FittedEncoding fitted, IdxReader.Images images, Path file) {
        if (!(fitted.encoding() instanceof ImageEncoding encoding)) {
            throw new BadDataException(
                    file.toString(),
                    "holds images, but " + fitted.owner() + " learnt from a table");
        }
        if (encoding.inputs() != images.size()) {
            throw new BadDataException(
                    file.toString(),
                    "holds images of "
                            + images.size()
                            + " pixels ("
                            + images.rows()
                            + " x "
                            + images.columns()
                            + "), but "
                            + fitted.owner()
                            + " learnt from images of "
                            + encoding.inputs());
        }
        return encoding;
    }

    private static List<String> names(DataEncoding encoding) {
        return encoding.targets() instanceof TargetEncoding.Classes c ? c.names() : List.of();
    }

    private static List<String> names(int[] labels, Optional<Integer> classes) {
        IntStream values =
                classes.isPresent()
                        ? IntStream.range(0, classes.get())
                        : Arrays.stream(labels).distinct().sorted();
        return values.mapToObj(Integer::toString).toList();
    }

    private static List<String> notes(List<String> names) {
        boolean usual =
                IntStream.range(0, names.size())
                        .allMatch(i -> names.get(i).equals(Integer.toString(i)));
        return usual
                ? List.of()
                : List.of(
                        "the labels are not 0, 1, 2 and so on without holes: "
                                + names.size()
                                + " classes, named by their labels "
                                + Excerpt.listed(names));
    }

    private static ImageEncoding encoding(
            Path file,
            IdxReader.Images images,
            Optional<Normalization> normalization,
            List<String> names) {
        byte[] pixels = images.pixels();
        boolean bytes = pixels != null;
        return new ImageEncoding(
                images.size(),
                bytes ? WHITE : 1,
                normalization
                        .filter(_ -> bytes)
                        .orElseGet(
                                () ->
                                        pixels != null
                                                ? standardize(pixels)
                                                : standardize(
                                                        file,
                                                        Objects.requireNonNull(images.numbers()))),
                new TargetEncoding.Classes(names));
    }

    private static int[] labels(Path file, IdxReader.Images images) {
        int[] labels = IdxReader.labels(file);
        if (labels.length != images.count()) {
            throw new BadDataException(
                    file.toString(),
                    4,
                    "at byte 4: expected "
                            + images.count()
                            + " labels, one per image, found "
                            + labels.length);
        }
        return labels;
    }

    private static DataSet dataSet(
            String name,
            IdxReader.Images images,
            ImageEncoding encoding,
            Path labelFile,
            int[] labels,
            List<String> names) {
        int[] classes = classes(labelFile, labels, names);
        if (images.pixels() != null && encoding.white() == WHITE) {
            return DataSet.images(
                    name,
                    images.pixels(),
                    images.size(),
                    encoding.normalization(),
                    classes,
                    names.size());
        }
        double[] inputs = new double[images.count() * images.size()];
        ImageRows.encode(images, encoding, 0, images.count(), inputs);
        return DataSet.classification(name, inputs, images.size(), classes, names.size());
    }

    private static int[] classes(Path file, int[] labels, List<String> names) {
        Map<Integer, Integer> positions = new HashMap<>();
        names.forEach(n -> positions.put(Integer.valueOf(n), positions.size()));
        int header = 2 * Integer.BYTES;
        int[] classes = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            Integer position = positions.get(labels[i]);
            if (position == null) {
                boolean usual = notes(names).isEmpty();
                throw new BadDataException(
                        file.toString(),
                        header + i,
                        "at byte "
                                + (header + i)
                                + ": expected a label in "
                                + (usual ? "0.." + (names.size() - 1) : Excerpt.listed(names))
                                + ", found "
                                + labels[i]);
            }
            classes[i] = position;
        }
        return classes;
    }

    /**
     * Mean and deviation of all pixels, from whole numbers so that no order of summation matters.
     */
    private static Normalization standardize(byte[] pixels) {
        long[] counts = new long[GREY_LEVELS];
        for (byte pixel : pixels) {
            counts[pixel & 0xFF]++;
        }
        long sum = 0;
        long squares = 0;
        for (int grey = 0; grey < GREY_LEVELS; grey++) {
            sum += counts[grey] * grey;
            squares += counts[grey] * grey * grey;
        }
        double mean = (double) sum / pixels.length;
        double variance = (double) squares / pixels.length - mean * mean;
        return new Normalization(mean / WHITE, variance > 0 ? Math.sqrt(variance) / WHITE : 1);
    }

    private static Normalization standardize(Path file, double[] numbers) {
        double mean = 0;
        for (double x : numbers) {
            mean += x / numbers.length;
        }
        double variance = 0;
        for (double x : numbers) {
            variance += (x - mean) * (x - mean) / numbers.length;
        }
        if (!Double.isFinite(variance)) {
            throw new BadDataException(
                    file.toString(), "numbers too far apart to standardise in float64");
        }
        return new Normalization(mean, variance > 0 ? Math.sqrt(variance) : 1);
    }
}
