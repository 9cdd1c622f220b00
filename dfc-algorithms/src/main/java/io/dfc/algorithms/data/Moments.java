package io.dfc.algorithms.data;

/**
 * Mean and standard deviation of some cells of a column; missing ones do not count.
 *
 * @param mean the mean
 * @param deviation the standard deviation
 */
record Moments(double mean, double deviation) {
    static Moments of(CsvColumn column, int[] rows) {
        int count = 0;
        for (int row : rows) {
            count += column.isMissing(row) ? 0 : 1;
        }
        double mean = 0;
        double variance = 0;
        for (int row : rows) {
            mean += column.isMissing(row) ? 0 : column.number(row) / count;
        }
        for (int row : rows) {
            double d = column.isMissing(row) ? 0 : column.number(row) - mean;
            variance += d * d / count;
        }
        return new Moments(mean, Math.sqrt(count == 0 ? 0 : variance));
    }

    /** What to divide by: 1 for numbers that are all alike. */
    double divisor() {
        return deviation > 0 ? deviation : 1;
    }
}
