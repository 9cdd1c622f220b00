package io.dfc.api.reference.model;

import io.dfc.api.network.Network;

/** Small helpers for plain arrays. */
public final class Buffers {
    private Buffers() {}

    /** One zeroed [samples, n_i] array per layer. */
    public static double[][] perLayer(Network network, int samples) {
        double[][] out = new double[network.depth()][];
        for (int i = 0; i < out.length; i++) {
            out[i] = new double[samples * network.size(i)];
        }
        return out;
    }

    /** Euclidean norm of a range. */
    public static double norm(double[] x, int offset, int length) {
        return Math.sqrt(sumOfSquares(x, offset, length));
    }

    public static double sumOfSquares(double[] x, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += x[i] * x[i];
        }
        return sum;
    }

    /** {@code matrix += factor * column row^T} for a row-major matrix. */
    public static void addOuter(
            double[] matrix,
            double factor,
            double[] column,
            int at,
            int rows,
            double[] row,
            int rowAt,
            int columns) {
        for (int i = 0; i < rows; i++) {
            double x = factor * column[at + i];
            int to = i * columns;
            for (int j = 0; j < columns; j++) {
                matrix[to + j] += x * row[rowAt + j];
            }
        }
    }

    public static void add(double[] sum, double factor, double[] x) {
        for (int i = 0; i < x.length; i++) {
            sum[i] += factor * x[i];
        }
    }
}
