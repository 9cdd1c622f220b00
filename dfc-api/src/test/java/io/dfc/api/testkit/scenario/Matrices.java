package io.dfc.api.testkit.scenario;

import io.dfc.api.tensor.Tensor;

/** Small dense matrices as arrays of rows, for what the kit computes itself. */
public final class Matrices {
    private Matrices() {}

    public static double[][] of(Tensor tensor) {
        double[][] rows = new double[tensor.dim(0)][tensor.dim(1)];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = tensor.get(i * rows[i].length + j);
            }
        }
        return rows;
    }

    public static double[][] identity(int size) {
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            rows[i][i] = 1;
        }
        return rows;
    }

    public static double[] times(double[][] a, double[] x) {
        double[] out = new double[a.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = dot(a[i], x);
        }
        return out;
    }

    public static double[][] times(double[][] a, double[][] b) {
        double[][] out = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    out[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return out;
    }

    public static double[][] columnsScaled(double[][] a, double[] scales) {
        double[][] out = new double[a.length][scales.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < scales.length; j++) {
                out[i][j] = a[i][j] * scales[j];
            }
        }
        return out;
    }

    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    public static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    public static double[] plus(double[] x, double[] y) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] + y[i];
        }
        return out;
    }

    public static double[] minus(double[] x, double[] y) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] - y[i];
        }
        return out;
    }

    /** Variance over the rows, summed over the columns. */
    public static double variance(double[][] rows) {
        double squares = 0;
        for (double[] row : rows) {
            squares += dot(row, row) / rows.length;
        }
        return Math.max(0, squares - squaredMean(rows));
    }

    /** Squared norm of the mean over the rows. */
    public static double squaredMean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            mean = plus(mean, row);
        }
        return dot(mean, mean) / ((double) rows.length * rows.length);
    }
}
