package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

/**
 * Multiplies adjoints by the slopes of their neurons, while they are in the cache; not thread-safe.
 */
public final class SlopeStep implements Gemm.Epilogue {
    private float[] adjoints;
    private int adjointsAt;
    private int rows;
    private int stride;
    private float[] slopes;
    private int slopesAt;
    private int share;

    /**
     * Sets the factor of the next product.
     *
     * @param values adjoints, padded rows from {@code at} on
     * @param count number of rows
     * @param length length of a padded row of both arrays
     * @param slope slopes, padded rows from {@code from} on
     * @param rowsToSlope number of adjoints that share a row of slopes
     */
    public SlopeStep of(
            float[] values,
            int at,
            int count,
            int length,
            float[] slope,
            int from,
            int rowsToSlope) {
        adjoints = values;
        adjointsAt = at;
        rows = count;
        stride = length;
        slopes = slope;
        slopesAt = from;
        share = rowsToSlope;
        return this;
    }

    @Override
    public void finish(int column, int columns) {
        int at = adjointsAt + column;
        int from = slopesAt + column;
        for (int row = 0, shared = 0; row < rows; row++, at += stride) {
            for (int c = 0; c < columns; c += LANES) {
                fromArray(F, adjoints, at + c)
                        .mul(fromArray(F, slopes, from + c))
                        .intoArray(adjoints, at + c);
            }
            if (++shared == share) {
                shared = 0;
                from += stride;
            }
        }
    }
}
