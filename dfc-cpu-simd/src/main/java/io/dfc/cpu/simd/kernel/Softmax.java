package io.dfc.cpu.simd.kernel;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax of the rows of a matrix in float64: the control error is a difference from it, of which
 * float32 would keep few digits. All exponentials of a call are taken in one pass over vectors
 * across rows. Not thread-safe.
 */
public final class Softmax {
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, Simd.SHAPE);
    private static final int LANES = D.length();

    /** Exponent below which exp counts as zero, near the smallest normal number. */
    static final double LOWEST = -708;

    private static final double LOG2_E = 1.4426950408889634;

    /** ln 2 in two parts. */
    private static final double LN2 = 0.6931471805599453;

    private static final double LN2_REST = 2.3190468138462996e-17;

    /** A constant whose addition and subtraction rounds a small number to an integer. */
    private static final double ROUND = 0x1.8p52;

    /** A factor that brings every positive number above one. */
    private static final double STEEP = 1e300;

    /** Exponents less the largest of their row, then exponentials; padded to whole vectors. */
    private final double[] work;

    /**
     * Room for some numbers.
     *
     * @param numbers largest number of elements of a matrix
     */
    public Softmax(int numbers) {
        work = new double[Simd.roundUp(numbers, LANES)];
    }

    /**
     * Replaces every row by its softmax.
     *
     * @param x row-major [rows, width]
     * @param logSums receives the logarithm of each row's sum of exponentials; null if not wanted
     */
    public void apply(double[] x, int rows, int width, double[] logSums) {
        for (int row = 0; row < rows; row++) {
            int at = row * width;
            double max = Double.NEGATIVE_INFINITY;
            for (int j = at; j < at + width; j++) {
                max = Math.max(max, x[j]);
            }
            for (int j = at; j < at + width; j++) {
                work[j] = x[j] - max;
            }
            if (logSums != null) {
                logSums[row] = max;
            }
        }
        exp(work, rows * width);
        for (int row = 0; row < rows; row++) {
            int at = row * width;
            double sum = 0;
            for (int j = at; j < at + width; j++) {
                sum += work[j];
            }
            for (int j = at; j < at + width; j++) {
                x[j] = work[j] / sum;
            }
            if (logSums != null) {
                logSums[row] += Math.log(sum);
            }
        }
    }

    /**
     * Replaces numbers that are not positive by their exponentials, within 1 ulp; zero from {@link
     * #LOWEST} down. Undefined numbers stay so.
     *
     * @param x numbers, padded to whole vectors
     */
    static void exp(double[] x, int n) {
        DoubleVector round = broadcast(D, ROUND);
        for (int i = 0; i < n; i += LANES) {
            DoubleVector all = fromArray(D, x, i);
            DoubleVector v = all.max(LOWEST);
            // The lowest bits of the rounded number are the exponent of two.
            DoubleVector shifted = v.fma(broadcast(D, LOG2_E), round);
            DoubleVector power = shifted.sub(round);
            DoubleVector r = power.fma(broadcast(D, -LN2), v);
            r = power.fma(broadcast(D, -LN2_REST), r);
            // The series of exp up to r^13 / 13!, for |r| up to ln 2 / 2.
            DoubleVector p = broadcast(D, 1 / 6227020800.0);
            p = p.fma(r, broadcast(D, 1 / 479001600.0));
            p = p.fma(r, broadcast(D, 1 / 39916800.0));
            p = p.fma(r, broadcast(D, 1 / 3628800.0));
            p = p.fma(r, broadcast(D, 1 / 362880.0));
            p = p.fma(r, broadcast(D, 1 / 40320.0));
            p = p.fma(r, broadcast(D, 1 / 5040.0));
            p = p.fma(r, broadcast(D, 1 / 720.0));
            p = p.fma(r, broadcast(D, 1 / 120.0));
            p = p.fma(r, broadcast(D, 1 / 24.0));
            p = p.fma(r, broadcast(D, 1 / 6.0));
            p = p.fma(r, broadcast(D, 0.5));
            p = p.fma(r.mul(r), r).add(1.0);
            LongVector exponent = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            // Zero or one, and without a mask: x86 has none for two lanes, and the compiler would
            // put these vectors into objects.
            DoubleVector nonzero = all.sub(LOWEST).max(0.0).mul(STEEP).min(1.0);
            p.reinterpretAsLongs()
                    .add(exponent)
                    .reinterpretAsDoubles()
                    .mul(nonzero)
                    .intoArray(x, i);
        }
    }
}
