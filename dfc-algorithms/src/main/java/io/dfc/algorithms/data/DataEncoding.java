package io.dfc.algorithms.data;

/**
 * How inputs and targets of a data set become numbers: what has to be known to feed a trained
 * network with new samples and to interpret its outputs.
 */
public sealed interface DataEncoding permits ImageEncoding, TableEncoding {
    /** {@return the length of an input} */
    int inputs();

    /** {@return how targets become numbers} */
    TargetEncoding targets();
}
