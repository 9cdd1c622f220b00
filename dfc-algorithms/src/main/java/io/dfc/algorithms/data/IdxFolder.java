package io.dfc.algorithms.data;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder with the four files of a data set of the MNIST kind, under their usual names with {@code
 * -idx3-ubyte} or {@code .idx3-ubyte}, plain or {@code .gz}.
 *
 * @param trainImages training images
 * @param trainLabels training labels
 * @param testImages test images
 * @param testLabels test labels
 */
record IdxFolder(Path trainImages, Path trainLabels, Path testImages, Path testLabels) {
    private static final List<String> STEMS =
            List.of("train-images", "train-labels", "t10k-images", "t10k-labels");
    private static final List<String> SUFFIXES = List.of("", ".gz");

    /** The published splits hold out 5000 of 60000. */
    private static final int HELD_OUT_DIVISOR = 12;

    private static final int GREY_LEVELS = 256;
    private static final long SPLIT_SEED = 550_005_000L;

    /** The folder's files, if all four are there. */
    static Optional<IdxFolder> find(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String stem : STEMS) {
            locate(folder, stem).ifPresent(files::add);
        }
        return files.size() < STEMS.size()
                ? Optional.empty()
                : Optional.of(
                        new IdxFolder(files.get(0), files.get(1), files.get(2), files.get(3)));
    }

    /** The usual names of the files that the folder lacks. */
    static List<String> missing(Path folder) {
        return STEMS.stream()
                .filter(stem -> locate(folder, stem).isEmpty())
                .map(stem -> stem + "-" + type(stem))
                .toList();
    }

    /**
     * The folder's files.
     *
     * @throws StorageException if one is missing
     */
    static IdxFolder require(Path folder) {
        PathProblem.of(folder)
                .ifPresent(
                        problem -> {
                            throw new StorageException(
                                    folder + ": expected four IDX files, " + problem);
                        });
        return find(folder)
                .orElseThrow(
                        () ->
                                new StorageException(
                                        folder
                                                + ": expected four IDX files (plain or .gz), missing "
                                                + String.join(", ", missing(folder))));
    }

    private static Optional<Path> locate(Path folder, String stem) {
        for (String separator : List.of("-", ".")) {
            for (String suffix : SUFFIXES) {
                Path file = folder.resolve(stem + separator + type(stem) + suffix);
                if (Files.isRegularFile(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    private static String type(String stem) {
        return stem.endsWith("images") ? "idx3-ubyte" : "idx1-ubyte";
    }

    /**
     * Reads the files. Training images are put into a fixed random order that depends on their
     * number alone; the last twelfth of them (5000 of 60000) is held out for validation.
     *
     * @param name name of the data set
     * @param normalization map from grey levels to inputs; if absent, the training images are
     *     standardised
     * @param classes number of classes; if absent, one more than the largest training label
     * @param holdOut whether there is a validation set
     */
    DataSplits load(
            String name,
            Optional<Normalization> normalization,
            Optional<Integer> classes,
            boolean holdOut) {
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
        int[] trainAnswers = IdxReader.labels(trainLabels);
        int[] testAnswers = IdxReader.labels(testLabels);
        int count = classes.orElseGet(() -> 1 + max(trainAnswers));
        requireFit(trainLabels, trainAnswers, train.count(), count);
        requireFit(testLabels, testAnswers, test.count(), count);
        Normalization map = normalization.orElseGet(() -> standardize(train.pixels()));
        DataSet all = DataSet.images(name, train.pixels(), train.size(), map, trainAnswers, count);
        DataSet testSet = DataSet.images(name, test.pixels(), test.size(), map, testAnswers, count);
        int[] order = new CounterRandom(SPLIT_SEED, 0, 0).permutation(all.size());
        return HoldOut.last(all, order, holdOut ? all.size() / HELD_OUT_DIVISOR : 0, testSet);
    }

    private static void requireFit(Path file, int[] labels, int images, int classes) {
        if (labels.length != images) {
            throw new BadDataException(
                    file.toString(),
                    4,
                    "at byte 4: expected "
                            + images
                            + " labels, one per image, found "
                            + labels.length);
        }
        int header = 2 * Integer.BYTES;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= classes) {
                throw new BadDataException(
                        file.toString(),
                        header + i,
                        "at byte "
                                + (header + i)
                                + ": expected a label in 0.."
                                + (classes - 1)
                                + ", found "
                                + labels[i]);
            }
        }
    }

    private static int max(int[] labels) {
        int max = 0;
        for (int label : labels) {
            max = Math.max(max, label);
        }
        return max;
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
        double white = GREY_LEVELS - 1;
        double mean = (double) sum / pixels.length;
        double variance = (double) squares / pixels.length - mean * mean;
        return new Normalization(mean / white, variance > 0 ? Math.sqrt(variance) / white : 1);
    }
}
