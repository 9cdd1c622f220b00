package io.dfc.algorithms.data.csv;

/**
 * Mean and standard deviation of some cells of a column; missing ones do not count.
 *
 * @param mean the mean
 * @param deviation the standard deviation; exactly 0 for numbers that are all alike
 */
record Moments(double mean, double deviation) {
    /** What numbers are of which {@link #isNear} does not hold. */
    static final String FAR = "more than 1e18 deviations away from them";

    private static final double FARTHEST = 1e18;

    /** Whether a standardised number can be squared in float32. */
    static boolean isNear(double standardised) {
        return Math.abs(standardised) <= FARTHEST;
    }

    static Moments of(CsvColumn column, int[] rows) {
        int count = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double mean = 0;
        for (int row : rows) {
            if (!column.isMissing(row)) {
                count++;
                low = Math.min(low, column.number(row));
                high = Math.max(high, column.number(row));
            }
        }
        if (count == 0 || low == high) {
            // A mean of equal numbers may differ from them by rounding, and would make a deviation.
            return new Moments(count == 0 ? 0 : low, 0);
        }
        for (int row : rows) {
            mean += column.isMissing(row) ? 0 : column.number(row) / count;
        }
        double variance = variance(column, rows, mean, count, 1);
        if (variance < Double.MIN_NORMAL) {
            double range = high - low;
            return new Moments(mean, range * Math.sqrt(variance(column, rows, mean, count, range)));
        }
        return new Moments(mean, Math.sqrt(variance));
    }

    /** The variance, in the square of a unit in which it is not too small. */
    private static double variance(
            CsvColumn column, int[] rows, double mean, int count, double unit) {
        double sum = 0;
        for (int row : rows) {
            double d = column.isMissing(row) ? 0 : (column.number(row) - mean) / unit;
            sum += d * d / count;
        }
        return sum;
    }

    /** What to divide by: 1 for numbers that are all alike. */
    double divisor() {
        return deviation > 0 ? deviation : 1;
    }
}
