package io.dfc.algorithms.data;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * A CSV file as a data set.
 *
 * <p>Rows are put into a fixed random order that depends on their number alone; 80 % are for
 * training, 10 % for validation (none if not wanted: then 90 % train) and 10 % for the test. Each
 * feature is standardised with the mean and deviation of the training rows; a constant feature
 * becomes 0. Targets of a regression are used raw. Classes are numbered in sorted order: by value
 * if all are whole numbers, otherwise as text.
 */
final class CsvFile {
    private static final int PARTS = 10;
    private static final int MIN_ROWS = PARTS;
    private static final long SPLIT_SEED = 801_010L;

    private CsvFile() {}

    static DataSplits load(Path file, CsvOptions options, boolean holdOut) {
        String target =
                options.target()
                        .orElseThrow(
                                () ->
                                        new BadConfigurationException(
                                                "csv.target", "name the target column of " + file));
        CsvTable table = CsvTable.read(file, target);
        if (table.rows() < MIN_ROWS) {
            throw new BadDataException(
                    file.toString(),
                    "expected at least "
                            + MIN_ROWS
                            + " rows of data to split, found "
                            + table.rows());
        }
        int tenth = table.rows() / PARTS;
        int[] order = new CounterRandom(SPLIT_SEED, 0, 0).permutation(table.rows());
        int[] test = Arrays.copyOfRange(order, order.length - tenth, order.length);
        int[] rest = Arrays.copyOf(order, order.length - tenth);
        int heldOut = holdOut ? tenth : 0;
        double[] features = table.features();
        standardize(file, table, features, Arrays.copyOf(rest, rest.length - heldOut));
        DataSet all = build("csv:" + file, table, features, options.task());
        return HoldOut.last(all, rest, heldOut, all.subset(test));
    }

    private static DataSet build(String name, CsvTable table, double[] features, CsvTask task) {
        return switch (task) {
            case REGRESSION ->
                    DataSet.regression(name, features, table.width(), table.targetNumbers(), 1);
            case CLASSIFICATION -> {
                List<String> texts = table.requireClassNames().targetTexts();
                List<String> classes = sorted(texts);
                if (classes.size() < 2) {
                    throw new BadDataException(
                            name,
                            "expected at least 2 classes in the target column, found only '"
                                    + classes.getFirst()
                                    + "'");
                }
                int[] labels = texts.stream().mapToInt(indexOf(classes)).toArray();
                yield DataSet.classification(name, features, table.width(), labels, classes.size());
            }
        };
    }

    private static ToIntFunction<String> indexOf(List<String> classes) {
        Map<String, Integer> index = new HashMap<>();
        classes.forEach(name -> index.put(name, index.size()));
        return index::get;
    }

    private static List<String> sorted(List<String> texts) {
        List<String> classes = new ArrayList<>(new TreeSet<>(texts));
        if (classes.stream().allMatch(text -> text.matches("[+-]?\\d{1,18}"))) {
            classes.sort(Comparator.comparingLong(Long::parseLong));
        }
        return classes;
    }

    private static void standardize(Path file, CsvTable table, double[] features, int[] train) {
        int width = table.width();
        for (int column = 0; column < width; column++) {
            double mean = 0;
            for (int row : train) {
                mean += features[row * width + column] / train.length;
            }
            double variance = 0;
            for (int row : train) {
                double d = features[row * width + column] - mean;
                variance += d * d / train.length;
            }
            if (!Double.isFinite(variance)) {
                throw new BadDataException(
                        file.toString(),
                        "column '"
                                + table.featureName(column)
                                + "': numbers too far apart to standardise in float64");
            }
            double divisor = variance > 0 ? Math.sqrt(variance) : 1;
            for (int at = column; at < features.length; at += width) {
                features[at] = (features[at] - mean) / divisor;
            }
        }
    }
}
