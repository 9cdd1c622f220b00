package io.dfc.algorithms.data;

import java.util.function.BiFunction;

/**
 * Number of samples of each part of a generated data set.
 *
 * @param train training samples, at least 1
 * @param validation validation samples; 0 for none
 * @param test test samples, at least 1
 */
public record SplitSizes(int train, int validation, int test) {
    private static final int MAX = 1_000_000;

    /** The parts in the order in which they are generated. */
    enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    /** Checks the sizes. */
    public SplitSizes {
        if (train < 1
                || validation < 0
                || test < 1
                || train > MAX
                || validation > MAX
                || test > MAX) {
            throw new IllegalArgumentException(
                    "sizes of the parts: expected at least 1 training and 1 test sample and at most "
                            + MAX
                            + " of each part, got "
                            + train
                            + ", "
                            + validation
                            + ", "
                            + test);
        }
    }

    /** Builds each part that has samples. */
    DataSplits assemble(BiFunction<Part, Integer, DataSet> generator) {
        DataSet trainPart = generator.apply(Part.TRAIN, train);
        DataSet testPart = generator.apply(Part.TEST, test);
        return validation == 0
                ? DataSplits.withoutValidation(trainPart, testPart)
                : new DataSplits(trainPart, generator.apply(Part.VALIDATION, validation), testPart);
    }
}
