package io.dfc.algorithms.diagnostics;

import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.MatrixStore;

import java.util.Arrays;

/**
 * Solves with {@code A A^T + gamma I} for any damping {@code gamma}, from one singular value
 * decomposition {@code A = U S V^T}: squaring the condition of {@code A} would cost half of the
 * digits where there is no damping.
 */
final class GramSolver {
    private final Matrix u;
    private final Matrix v;
    private final double[] values;

    /** Singular values up to here are zero in the pseudo-inverse. */
    private final double cutoff;

    GramSolver(Matrix a) {
        SingularValue<Double> svd = SingularValue.R064.make(a.store());
        svd.decompose(a.store());
        values = new double[Math.min(a.rows(), a.columns())];
        svd.getSingularValues(values);
        u = columns(svd.getU(), a.rows(), values.length);
        v = columns(svd.getV(), a.columns(), values.length);
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        cutoff = Math.max(a.rows(), a.columns()) * Math.ulp(1.0) * largest;
    }

    private static Matrix columns(MatrixStore<Double> store, int rows, int columns) {
        Matrix m = Matrix.zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                m.data()[i * columns + j] = store.doubleValue(i, j);
            }
        }
        return m;
    }

    /** {@code (A A^T + gamma I)^-1 g}; with {@code gamma = 0} by the pseudo-inverse. */
    double[] solve(double[] g, double damping) {
        double[] coordinates = u.transposedTimes(g);
        double[] within = u.times(coordinates, 0);
        for (int k = 0; k < values.length; k++) {
            coordinates[k] *= inverse(k, damping);
        }
        double[] out = u.times(coordinates, 0);
        // What A does not reach is damped alone.
        for (int k = 0; damping > 0 && k < out.length; k++) {
            out[k] += (g[k] - within[k]) / damping;
        }
        return out;
    }

    /** {@code A^T (A A^T + gamma I)^-1 g}; with {@code gamma = 0} by the pseudo-inverse. */
    double[] target(double[] g, double damping) {
        double[] coordinates = u.transposedTimes(g);
        for (int k = 0; k < values.length; k++) {
            coordinates[k] *= values[k] * inverse(k, damping);
        }
        return v.times(coordinates, 0);
    }

    private double inverse(int k, double damping) {
        double s = values[k];
        if (damping == 0 && s <= cutoff) {
            return 0;
        }
        return 1 / (s * s + damping);
    }

    /** {@code A^T (A A^T + gamma I)^-1}; with {@code gamma = 0} the pseudo-inverse. */
    Matrix dampedPseudoInverse(double damping) {
        Matrix scaled = Matrix.zeros(v.rows(), values.length);
        for (int i = 0; i < v.rows(); i++) {
            for (int k = 0; k < values.length; k++) {
                scaled.data()[i * values.length + k] =
                        v.get(i, k) * values[k] * inverse(k, damping);
            }
        }
        return scaled.times(u.transposed());
    }

    /** Norm of the part of {@code M} in the row space of {@code A}, {@code ||A^+ A M||_F}. */
    double normInRowSpace(Matrix m, double smallest) {
        Matrix coordinates = v.transposed().times(m);
        double[] inside = coordinates.data();
        for (int k = 0; k < values.length; k++) {
            if (values[k] <= smallest) {
                Arrays.fill(inside, k * m.columns(), (k + 1) * m.columns(), 0);
            }
        }
        return coordinates.norm();
    }

    /** What is left of a vector without its part in the row space of {@code A}. */
    double[] outsideRowSpace(double[] x, double smallest) {
        double[] coordinates = v.transposedTimes(x);
        for (int k = 0; k < values.length; k++) {
            coordinates[k] = values[k] <= smallest ? 0 : coordinates[k];
        }
        double[] inside = v.times(coordinates, 0);
        double[] outside = x.clone();
        for (int i = 0; i < x.length; i++) {
            outside[i] -= inside[i];
        }
        return outside;
    }

    double cutoff() {
        return cutoff;
    }
}
