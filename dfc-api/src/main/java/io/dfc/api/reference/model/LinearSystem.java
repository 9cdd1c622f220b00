package io.dfc.api.reference.model;

/** Dense linear systems of the size of the network's output. */
public final class LinearSystem {
    private LinearSystem() {}

    /**
     * Solves {@code A x = b} by elimination with partial pivoting. A singular matrix gives infinite
     * or undefined components.
     *
     * @param a row-major [n, n], overwritten
     * @param b right-hand side, overwritten with the solution
     */
    public static void solve(double[] a, double[] b) {
        int n = b.length;
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) {
                    pivot = i;
                }
            }
            if (pivot != k) {
                for (int j = 0; j < n; j++) {
                    double swap = a[k * n + j];
                    a[k * n + j] = a[pivot * n + j];
                    a[pivot * n + j] = swap;
                }
                double swap = b[k];
                b[k] = b[pivot];
                b[pivot] = swap;
            }
            for (int i = k + 1; i < n; i++) {
                double factor = a[i * n + k] / a[k * n + k];
                for (int j = k; j < n; j++) {
                    a[i * n + j] -= factor * a[k * n + j];
                }
                b[i] -= factor * b[k];
            }
        }
        for (int k = n - 1; k >= 0; k--) {
            for (int j = k + 1; j < n; j++) {
                b[k] -= a[k * n + j] * b[j];
            }
            b[k] /= a[k * n + k];
        }
    }
}
