package io.dfc.algorithms.data.csv;

/** What the target column of a table holds. */
public enum CsvTask {
    /** Classes or numbers, whichever the column plainly holds; refused where it does not. */
    AUTO,
    /** Names of classes. */
    CLASSIFICATION,
    /** Numbers. */
    REGRESSION
}
