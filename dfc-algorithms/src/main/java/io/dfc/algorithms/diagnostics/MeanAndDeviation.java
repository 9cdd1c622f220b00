package io.dfc.algorithms.diagnostics;

/**
 * A quantity over the samples of a minibatch.
 *
 * @param mean mean
 * @param deviation sample standard deviation (denominator B - 1); 0 for a single sample
 */
public record MeanAndDeviation(double mean, double deviation) {
    /**
     * Mean and deviation.
     *
     * @param values one value per sample, at least one
     * @return both
     */
    public static MeanAndDeviation of(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new MeanAndDeviation(
                mean, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)));
    }
}
