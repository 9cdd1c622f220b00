package io.dfc.cpu.simd;

/** Copies between arrays of samples with their neurons and of neurons with their samples. */
final class Transposition {
    private Transposition() {}

    /**
     * {@code to[c, r] = from[r, c]}.
     *
     * @param from rows from {@code at} on, {@code stride} apart
     * @param to columns from {@code toAt} on, {@code toStride} apart
     */
    static void copy(
            float[] from,
            int at,
            int stride,
            int rows,
            int columns,
            float[] to,
            int toAt,
            int toStride) {
        for (int c = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                to[toAt + c * toStride + r] = from[at + r * stride + c];
            }
        }
    }
}
