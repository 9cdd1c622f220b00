package io.dfc.algorithms.data;

/**
 * Number of samples of each part of a generated data set.
 *
 * @param train training samples, at least 1
 * @param validation validation samples; 0 for none
 * @param test test samples, at least 1
 */
public record SplitSizes(int train, int validation, int test) {
    private static final int MAX = 1_000_000;

    private static final int TRAIN_STREAM = 0;
    private static final int VALIDATION_STREAM = 1;
    private static final int TEST_STREAM = 2;

    /** Generates the samples of one part. */
    @FunctionalInterface
    public interface PartGenerator {
        /**
         * Generates samples.
         *
         * @param stream number that tells the random numbers of the parts apart
         * @param size number of samples, at least 1
         * @return the samples
         */
        DataSet generate(int stream, int size);
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

    /**
     * Generates each part that has samples.
     *
     * @param generator generates the samples of a part
     * @return the parts
     */
    public DataSplits assemble(PartGenerator generator) {
        DataSet trainPart = generator.generate(TRAIN_STREAM, train);
        DataSet testPart = generator.generate(TEST_STREAM, test);
        return validation == 0
                ? DataSplits.withoutValidation(trainPart, testPart)
                : new DataSplits(
                        trainPart, generator.generate(VALIDATION_STREAM, validation), testPart);
    }
}
