package io.dfc.algorithms.data.sampling;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Cuts the rows of a table into training, validation and test rows: a tenth each for the latter
 * two, in a random order that depends on the number of rows alone. Each class has its share of each
 * part, as far as it has three rows; the others only train.
 *
 * @param train training rows
 * @param validation validation rows; empty if none are wanted
 * @param test test rows
 */
public record TableSplit(int[] train, int[] validation, int[] test) {
    private static final int PARTS = 10;
    private static final int FEWEST_OF_CLASS = 3;
    private static final long SPLIT_SEED = 801_010L;

    /**
     * Divides the rows of a regression: any row may be in any part.
     *
     * @param rows number of rows
     * @param holdOut whether validation rows are held out
     * @return the parts
     */
    public static TableSplit plain(int rows, boolean holdOut) {
        int tenth = rows / PARTS;
        int heldOut = holdOut ? tenth : 0;
        int[] order = order(rows);
        int training = rows - tenth - heldOut;
        return new TableSplit(
                Arrays.copyOf(order, training),
                Arrays.copyOfRange(order, training, training + heldOut),
                Arrays.copyOfRange(order, rows - tenth, rows));
    }

    /**
     * Divides the rows of a classification: each class has its share of each part.
     *
     * @param labels class of each row
     * @param classes number of classes
     * @param holdOut whether validation rows are held out
     * @return the parts
     */
    public static TableSplit stratified(int[] labels, int classes, boolean holdOut) {
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        int[] order = order(labels.length);
        Integer[] divided =
                Arrays.stream(order)
                        .filter(row -> sizes[labels[row]] >= FEWEST_OF_CLASS)
                        .boxed()
                        .toArray(Integer[]::new);
        Arrays.sort(divided, Comparator.comparingInt(row -> labels[row]));
        int tenth = labels.length / PARTS;
        if (divided.length < FEWEST_OF_CLASS * tenth) {
            return plain(labels.length, holdOut);
        }
        boolean[] test = spread(labels.length, divided, tenth);
        Integer[] rest = Arrays.stream(divided).filter(row -> !test[row]).toArray(Integer[]::new);
        boolean[] held = spread(labels.length, rest, holdOut ? tenth : 0);
        return new TableSplit(
                Arrays.stream(order).filter(row -> !test[row] && !held[row]).toArray(),
                Arrays.stream(order).filter(row -> held[row]).toArray(),
                Arrays.stream(order).filter(row -> test[row]).toArray());
    }

    private static int[] order(int rows) {
        return new CounterRandom(SPLIT_SEED, 0, 0).permutation(rows);
    }

    /** Marks some of the rows at equal distances, which begin in the middle of one. */
    static boolean[] spread(int rows, Integer[] from, int wanted) {
        boolean[] marked = new boolean[rows];
        long length = from.length;
        for (long i = 0; i < wanted; i++) {
            marked[from[(int) ((2 * i + 1) * length / (2L * wanted))]] = true;
        }
        return marked;
    }
}
