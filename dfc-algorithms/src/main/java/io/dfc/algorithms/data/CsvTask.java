package io.dfc.algorithms.data;

/** What the target column of a CSV file holds. */
public enum CsvTask {
    /** The name of a class, any text; classes are numbered in sorted order. */
    CLASSIFICATION,
    /** A number. */
    REGRESSION
}
