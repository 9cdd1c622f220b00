package io.dfc.algorithms.data.sampling;

import java.util.function.IntToDoubleFunction;

/**
 * Mean and standard deviation of some numbers; missing ones do not count.
 *
 * @param mean the mean
 * @param deviation the standard deviation; exactly 0 for numbers that are all alike
 */
public record Moments(double mean, double deviation) {
    /** What numbers are of which {@link #isNear} does not hold. */
    public static final String FAR = "more than 1e18 deviations away from them";

    private static final double FARTHEST = 1e18;

    /**
     * Whether a standardised number can be squared in float32.
     *
     * @param standardised the number
     * @return whether it can
     */
    public static boolean isNear(double standardised) {
        return Math.abs(standardised) <= FARTHEST;
    }

    /**
     * Moments of numbers.
     *
     * @param rows their places
     * @param numbers the number at a place; NaN if it is missing
     * @return the moments; 0 and 0 if all are missing
     */
    public static Moments of(int[] rows, IntToDoubleFunction numbers) {
        int count = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double mean = 0;
        for (int row : rows) {
            double number = numbers.applyAsDouble(row);
            if (!Double.isNaN(number)) {
                count++;
                low = Math.min(low, number);
                high = Math.max(high, number);
            }
        }
        if (count == 0 || low == high) {
            // A mean of equal numbers may differ from them by rounding, and would make a deviation.
            return new Moments(count == 0 ? 0 : low, 0);
        }
        for (int row : rows) {
            double number = numbers.applyAsDouble(row);
            mean += Double.isNaN(number) ? 0 : number / count;
        }
        double variance = variance(rows, numbers, mean, count, 1);
        if (variance < Double.MIN_NORMAL) {
            double range = high - low;
            return new Moments(
                    mean, range * Math.sqrt(variance(rows, numbers, mean, count, range)));
        }
        return new Moments(mean, Math.sqrt(variance));
    }

    /** The variance, in the square of a unit in which it is not too small. */
    private static double variance(
            int[] rows, IntToDoubleFunction numbers, double mean, int count, double unit) {
        double sum = 0;
        for (int row : rows) {
            double number = numbers.applyAsDouble(row);
            double d = Double.isNaN(number) ? 0 : (number - mean) / unit;
            sum += d * d / count;
        }
        return sum;
    }

    /** {@return what to divide by: 1 for numbers that are all alike} */
    public double divisor() {
        return deviation > 0 ? deviation : 1;
    }
}
