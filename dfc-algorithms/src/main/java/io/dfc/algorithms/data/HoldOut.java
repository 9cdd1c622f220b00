package io.dfc.algorithms.data;

import java.util.Arrays;

/** Cuts one data set into training and validation samples. */
final class HoldOut {
    private HoldOut() {}

    /** Holds out the last samples of an order for validation; none if {@code heldOut} is 0. */
    static DataSplits last(DataSet all, int[] order, int heldOut, DataSet test) {
        int kept = order.length - heldOut;
        return new DataSplits(
                all.subset(Arrays.copyOf(order, kept)),
                all.subset(Arrays.copyOfRange(order, kept, order.length)),
                test);
    }
}
