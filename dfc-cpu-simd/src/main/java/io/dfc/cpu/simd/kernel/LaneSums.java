package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/** Sums over the lanes of vectors, in the order of the lanes: the Vector API promises none. */
public final class LaneSums {
    private LaneSums() {}

    /** Sum of the lanes that a vector was written to. */
    public static double sum(float[] lanes) {
        double sum = 0;
        for (float x : lanes) {
            sum += x;
        }
        return sum;
    }

    /**
     * Squared norm of a padded row.
     *
     * @param n length of the row, a multiple of the lanes
     * @param lanes room for a vector
     */
    public static double squaredNorm(float[] x, int at, int n, float[] lanes) {
        FloatVector sum = FloatVector.zero(F);
        for (int k = at; k < at + n; k += LANES) {
            FloatVector v = fromArray(F, x, k);
            sum = v.fma(v, sum);
        }
        sum.intoArray(lanes, 0);
        return sum(lanes);
    }
}
