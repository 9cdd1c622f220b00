package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Restarted GMRES (Saad and Schultz 1986) for one linear system per sample, all of the same size,
 * whose matrices are known by their products only. The samples advance together, so that a product
 * is one pass through the network for all of them.
 */
public final class KrylovSolver {
    private static final int RESTART = 30;
    private static final int CYCLES = 4;

    /** Relative residual at which a sample is solved; float32 does not reach much less. */
    private static final double TOLERANCE = 1e-6;

    /** Product of every sample's matrix with its row. */
    public interface Operator {
        void apply(float[] x, float[] product);
    }

    private int rows;
    private final int n;
    private final int stride;
    private final KrylovBasis basis;
    private final float[] work;
    private final double[][] hessenberg;
    private final double[][] sine;
    private final double[][] cosine;
    private final double[][] rotated;
    private final double[] start;
    private final double[] size;
    private final double[] y = new double[RESTART];

    /** Solutions, [rows, stride]. */
    public final float[] solution;

    public KrylovSolver(int rows, int n) {
        this.rows = rows;
        this.n = n;
        stride = Simd.stride(n);
        basis = new KrylovBasis(rows, n, RESTART + 1, 0);
        work = new float[rows * stride];
        hessenberg = new double[rows][(RESTART + 1) * RESTART];
        sine = new double[rows][RESTART];
        cosine = new double[rows][RESTART];
        rotated = new double[rows][RESTART + 1];
        start = new double[rows];
        size = new double[rows];
        solution = new float[rows * stride];
    }

    /**
     * Solves for right-hand sides.
     *
     * @param used number of rows, at most that for which there is room
     * @param right right-hand sides, [used, n]; a row of zeros gives zeros
     */
    public void solve(int used, double[] right, Operator matrix) {
        solve(used, right, matrix, TOLERANCE);
    }

    /**
     * Solves for right-hand sides up to a relative residual.
     *
     * @param used number of rows, at most that for which there is room
     * @param right right-hand sides, [used, n]; a row of zeros gives zeros
     * @param tolerance relative residual at which a sample is solved
     * @return whether every sample is
     */
    public boolean solve(int used, double[] right, Operator matrix, double tolerance) {
        rows = used;
        Arrays.fill(solution, 0f);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            residual(right, matrix, cycle > 0);
            double worst = 0;
            for (int s = 0; s < rows; s++) {
                start[s] = basis.begin(work, s);
                if (cycle == 0) {
                    size[s] = start[s];
                }
                worst = Math.max(worst, start[s] == 0 ? 0 : start[s] / size[s]);
            }
            if (worst <= tolerance) {
                return true;
            }
            int dimension = expand(matrix, tolerance);
            for (int s = 0; s < rows; s++) {
                combine(s, dimension);
            }
        }
        return false;
    }

    private void residual(double[] right, Operator matrix, boolean started) {
        if (started) {
            matrix.apply(solution, work);
        }
        for (int s = 0; s < rows; s++) {
            for (int j = 0; j < n; j++) {
                int at = s * stride + j;
                work[at] = (float) (right[s * n + j] - (started ? work[at] : 0));
            }
        }
    }

    /** Builds the basis until every sample is solved. */
    private int expand(Operator matrix, double tolerance) {
        for (int s = 0; s < rows; s++) {
            Arrays.fill(rotated[s], 0);
            rotated[s][0] = start[s];
        }
        for (int j = 0; j < RESTART; j++) {
            matrix.apply(basis.vector(j), work);
            double worst = 0;
            for (int s = 0; s < rows; s++) {
                basis.extend(work, s, j + 1, hessenberg[s], j, RESTART);
                rotate(s, j);
                double left = Math.abs(rotated[s][j + 1]);
                worst = Math.max(worst, left == 0 ? 0 : left / size[s]);
            }
            if (worst <= tolerance) {
                return j + 1;
            }
        }
        return RESTART;
    }

    /** Givens rotations keep the least-squares problem triangular. */
    private void rotate(int s, int j) {
        double[] h = hessenberg[s];
        for (int i = 0; i < j; i++) {
            double upper = h[i * RESTART + j];
            double lower = h[(i + 1) * RESTART + j];
            h[i * RESTART + j] = cosine[s][i] * upper + sine[s][i] * lower;
            h[(i + 1) * RESTART + j] = cosine[s][i] * lower - sine[s][i] * upper;
        }
        double upper = h[j * RESTART + j];
        double lower = h[(j + 1) * RESTART + j];
        double length = Math.hypot(upper, lower);
        cosine[s][j] = length == 0 ? 1 : upper / length;
        sine[s][j] = length == 0 ? 0 : lower / length;
        h[j * RESTART + j] = length;
        rotated[s][j + 1] = -sine[s][j] * rotated[s][j];
        rotated[s][j] *= cosine[s][j];
    }

    private void combine(int s, int used) {
        double[] h = hessenberg[s];
        for (int i = used - 1; i >= 0; i--) {
            double sum = rotated[s][i];
            for (int k = i + 1; k < used; k++) {
                sum -= h[i * RESTART + k] * y[k];
            }
            y[i] = sum == 0 ? 0 : sum / h[i * RESTART + i];
        }
        for (int i = 0; i < used; i++) {
            float[] vector = basis.vector(i);
            FloatVector factor = FloatVector.broadcast(F, (float) y[i]);
            for (int k = s * stride; k < (s + 1) * stride; k += LANES) {
                fromArray(F, vector, k)
                        .fma(factor, fromArray(F, solution, k))
                        .intoArray(solution, k);
            }
        }
    }
}
