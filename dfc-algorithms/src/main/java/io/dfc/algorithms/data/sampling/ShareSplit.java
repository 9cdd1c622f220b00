package io.dfc.algorithms.data.sampling;

import io.dfc.algorithms.data.DataSet;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holds a share of the samples out, of each class its share; the order is random and depends on the
 * seed and the number of samples alone.
 *
 * @param train samples to learn from
 * @param held samples held out
 */
public record ShareSplit(int[] train, int[] held) {
    private static final int PURPOSE = 1;

    /**
     * Divides samples.
     *
     * @param samples the samples
     * @param share share to hold out, in [0, 1); at least one sample if it is above 0, and at least
     *     one is left to learn from
     * @param seed seed of the order
     * @return the parts
     */
    public static ShareSplit of(DataSet samples, double share, long seed) {
        int size = samples.size();
        if (share == 0 || size < 2) {
            return new ShareSplit(IntStream.range(0, size).toArray(), new int[0]);
        }
        int wanted = Math.clamp(Math.round(share * size), 1, size - 1);
        int[] order = new CounterRandom(seed, PURPOSE, 0).permutation(size);
        Integer[] byClass = Arrays.stream(order).boxed().toArray(Integer[]::new);
        if (samples.classification()) {
            Arrays.sort(byClass, Comparator.comparingInt(samples::label));
        }
        boolean[] held = TableSplit.spread(size, byClass, wanted);
        return new ShareSplit(
                Arrays.stream(order).filter(row -> !held[row]).toArray(),
                Arrays.stream(order).filter(row -> held[row]).toArray());
    }
}
