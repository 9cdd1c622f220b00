package io.dfc.cpu.simd.kernel;

/** LU factors of a small dense matrix in float64, with partial pivoting. */
public final class LuFactors {
    private final int n;
    public final double[] a;
    private final int[] pivots;

    public LuFactors(int n) {
        this.n = n;
        a = new double[Math.multiplyExact(n, n)];
        pivots = new int[n];
    }

    /**
     * Factorises the matrix that {@link #a} holds, in place; a singular one gives undefined
     * solutions.
     */
    public void factorize() {
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) {
                    pivot = i;
                }
            }
            pivots[k] = pivot;
            if (pivot != k) {
                for (int j = 0; j < n; j++) {
                    double swap = a[k * n + j];
                    a[k * n + j] = a[pivot * n + j];
                    a[pivot * n + j] = swap;
                }
            }
            for (int i = k + 1; i < n; i++) {
                double factor = a[i * n + k] / a[k * n + k];
                a[i * n + k] = factor;
                for (int j = k + 1; j < n; j++) {
                    a[i * n + j] -= factor * a[k * n + j];
                }
            }
        }
    }

    /** Solves for a right-hand side in place. */
    public void solve(double[] x) {
        for (int k = 0; k < n; k++) {
            double swap = x[k];
            x[k] = x[pivots[k]];
            x[pivots[k]] = swap;
        }
        for (int i = 1; i < n; i++) {
            for (int j = 0; j < i; j++) {
                x[i] -= a[i * n + j] * x[j];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int j = i + 1; j < n; j++) {
                x[i] -= a[i * n + j] * x[j];
            }
            x[i] /= a[i * n + i];
        }
    }
}
