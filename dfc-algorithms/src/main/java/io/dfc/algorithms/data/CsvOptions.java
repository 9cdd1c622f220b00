package io.dfc.algorithms.data;

import java.util.Optional;

/**
 * How to read a CSV file.
 *
 * @param target name of the target column; without it a file cannot be loaded
 * @param task what the target column holds
 */
public record CsvOptions(Optional<String> target, CsvTask task) {
    /** No target column, classification. */
    public static final CsvOptions DEFAULT =
            new CsvOptions(Optional.empty(), CsvTask.CLASSIFICATION);
}
