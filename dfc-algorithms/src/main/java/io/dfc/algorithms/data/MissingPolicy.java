package io.dfc.algorithms.data;

import java.util.Locale;

/**
 * What becomes of empty cells, and of cells that say that they are empty ({@code ?}, {@code NA},
 * {@code N/A}, {@code NaN}, {@code null}).
 */
public enum MissingPolicy {
    /** They are refused. */
    ERROR,
    /** Their row is left out. */
    DROP,
    /**
     * In a column of numbers they take the mean of the training rows, in a column of text its most
     * frequent value; a row without a target is left out.
     */
    MEAN;

    /** {@return the name used in configurations} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
