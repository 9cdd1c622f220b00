package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Sums of outer products over samples that lie side by side, {@code C += A B^T}, for few rows and
 * columns: each number of {@code C} is a vector of partial sums, so that nothing has to be
 * transposed or added up across lanes until the end. Used by one thread at a time.
 */
public final class LaneProducts {
    /** Bytes of sums that leave the first-level cache room for the factors. */
    private static final int MOST_BYTES = 1 << 14;

    private final int rows;
    private final int columns;
    private final int width;

    /** Partial sums, [rows, columns, lanes]. */
    private final float[] sums;

    /**
     * Sums of zero.
     *
     * @param width samples side by side, a multiple of the vector's length
     */
    public LaneProducts(int rows, int columns, int width) {
        this.rows = rows;
        this.columns = columns;
        this.width = width;
        sums = new float[Math.multiplyExact(Math.multiplyExact(rows, columns), LANES)];
    }

    /** Whether sums of so many rows and columns stay in the first-level cache. */
    public static boolean fits(int rows, int columns) {
        return (long) rows * columns * LANES * Float.BYTES <= MOST_BYTES;
    }

    public void clear() {
        Arrays.fill(sums, 0f);
    }

    /**
     * Adds the products of some panels.
     *
     * @param a [panels, rows, width]
     * @param b [panels, columns, width]
     */
    public void add(float[] a, float[] b, int panels) {
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            int column = 0;
            for (; column + 2 <= columns; column += 2) {
                fourByTwo(row, column, a, b, panels);
            }
            if (column < columns) {
                fourByOne(row, column, a, b, panels);
            }
        }
        for (; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                one(row, column, a, b, panels);
            }
        }
    }

    private void fourByTwo(int row, int column, float[] a, float[] b, int panels) {
        int first = (row * columns + column) * LANES;
        int second = first + columns * LANES;
        int third = second + columns * LANES;
        int fourth = third + columns * LANES;
        FloatVector s00 = fromArray(F, sums, first);
        FloatVector s01 = fromArray(F, sums, first + LANES);
        FloatVector s10 = fromArray(F, sums, second);
        FloatVector s11 = fromArray(F, sums, second + LANES);
        FloatVector s20 = fromArray(F, sums, third);
        FloatVector s21 = fromArray(F, sums, third + LANES);
        FloatVector s30 = fromArray(F, sums, fourth);
        FloatVector s31 = fromArray(F, sums, fourth + LANES);
        for (int p = 0; p < panels; p++) {
            int left = (p * rows + row) * width;
            int right = (p * columns + column) * width;
            for (int v = 0; v < width; v += LANES) {
                FloatVector b0 = fromArray(F, b, right + v);
                FloatVector b1 = fromArray(F, b, right + v + width);
                FloatVector a0 = fromArray(F, a, left + v);
                s00 = a0.fma(b0, s00);
                s01 = a0.fma(b1, s01);
                FloatVector a1 = fromArray(F, a, left + v + width);
                s10 = a1.fma(b0, s10);
                s11 = a1.fma(b1, s11);
                FloatVector a2 = fromArray(F, a, left + v + 2 * width);
                s20 = a2.fma(b0, s20);
                s21 = a2.fma(b1, s21);
                FloatVector a3 = fromArray(F, a, left + v + 3 * width);
                s30 = a3.fma(b0, s30);
                s31 = a3.fma(b1, s31);
            }
        }
        s00.intoArray(sums, first);
        s01.intoArray(sums, first + LANES);
        s10.intoArray(sums, second);
        s11.intoArray(sums, second + LANES);
        s20.intoArray(sums, third);
        s21.intoArray(sums, third + LANES);
        s30.intoArray(sums, fourth);
        s31.intoArray(sums, fourth + LANES);
    }

    private void fourByOne(int row, int column, float[] a, float[] b, int panels) {
        int first = (row * columns + column) * LANES;
        int second = first + columns * LANES;
        int third = second + columns * LANES;
        int fourth = third + columns * LANES;
        FloatVector s0 = fromArray(F, sums, first);
        FloatVector s1 = fromArray(F, sums, second);
        FloatVector s2 = fromArray(F, sums, third);
        FloatVector s3 = fromArray(F, sums, fourth);
        for (int p = 0; p < panels; p++) {
            int left = (p * rows + row) * width;
            int right = (p * columns + column) * width;
            for (int v = 0; v < width; v += LANES) {
                FloatVector b0 = fromArray(F, b, right + v);
                s0 = fromArray(F, a, left + v).fma(b0, s0);
                s1 = fromArray(F, a, left + v + width).fma(b0, s1);
                s2 = fromArray(F, a, left + v + 2 * width).fma(b0, s2);
                s3 = fromArray(F, a, left + v + 3 * width).fma(b0, s3);
            }
        }
        s0.intoArray(sums, first);
        s1.intoArray(sums, second);
        s2.intoArray(sums, third);
        s3.intoArray(sums, fourth);
    }

    private void one(int row, int column, float[] a, float[] b, int panels) {
        int at = (row * columns + column) * LANES;
        FloatVector sum = fromArray(F, sums, at);
        for (int p = 0; p < panels; p++) {
            int left = (p * rows + row) * width;
            int right = (p * columns + column) * width;
            for (int v = 0; v < width; v += LANES) {
                sum = fromArray(F, a, left + v).fma(fromArray(F, b, right + v), sum);
            }
        }
        sum.intoArray(sums, at);
    }

    /**
     * A number of {@code C}; lanes are added in their order, so that the sum is always the same.
     */
    public float sum(int row, int column) {
        int at = (row * columns + column) * LANES;
        float sum = 0;
        for (int k = at; k < at + LANES; k++) {
            sum += sums[k];
        }
        return sum;
    }
}
