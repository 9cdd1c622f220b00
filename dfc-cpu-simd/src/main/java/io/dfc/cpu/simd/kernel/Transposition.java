package io.dfc.cpu.simd.kernel;

/** Copies between arrays of samples with their neurons and of neurons with their samples. */
public final class Transposition {
    private static final int GROUP = 8;

    private Transposition() {}

    /**
     * {@code to[c, r] = from[r, c]}.
     *
     * @param from rows from {@code at} on, {@code stride} apart
     * @param to columns from {@code toAt} on, {@code toStride} apart
     */
    public static void copy(
            float[] from,
            int at,
            int stride,
            int rows,
            int columns,
            float[] to,
            int toAt,
            int toStride) {
        int r = 0;
        for (; r + GROUP <= rows; r += GROUP) {
            copyGroup(from, at + r * stride, stride, columns, to, toAt + r, toStride);
        }
        for (int c = 0; c < columns; c++) {
            for (int rest = r; rest < rows; rest++) {
                to[toAt + c * toStride + rest] = from[at + rest * stride + c];
            }
        }
    }

    /** Eight rows at a time, written out, for loops of eight are mostly their own overhead. */
    private static void copyGroup(
            float[] from, int at, int stride, int columns, float[] to, int toAt, int toStride) {
        for (int c = 0; c < columns; c++) {
            int i = at + c;
            int o = toAt + c * toStride;
            to[o] = from[i];
            to[o + 1] = from[i + stride];
            to[o + 2] = from[i + 2 * stride];
            to[o + 3] = from[i + 3 * stride];
            to[o + 4] = from[i + 4 * stride];
            to[o + 5] = from[i + 5 * stride];
            to[o + 6] = from[i + 6 * stride];
            to[o + 7] = from[i + 7 * stride];
        }
    }
}
