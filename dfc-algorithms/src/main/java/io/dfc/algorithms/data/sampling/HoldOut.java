package io.dfc.algorithms.data.sampling;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;

import java.util.Arrays;

/** Cuts one data set into training and validation samples. */
public final class HoldOut {
    private HoldOut() {}

    /**
     * Holds out the last samples of an order for validation.
     *
     * @param all training and validation samples
     * @param order a permutation of them
     * @param heldOut number of validation samples, at least 0
     * @param test the test samples
     * @return the three parts
     */
    public static DataSplits last(DataSet all, int[] order, int heldOut, DataSet test) {
        int training = order.length - heldOut;
        return new DataSplits(
                all.subset(Arrays.copyOf(order, training)),
                all.subset(Arrays.copyOfRange(order, training, order.length)),
                test);
    }
}
