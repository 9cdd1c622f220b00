package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.LANES;

/**
 * A matrix of [inner, columns] in panels of a few vectors, see {@link Gemm#panelVectors}: all rows
 * of the columns of the first panel, then of the next, padded with zeros. The product {@code a *
 * matrix} then reads it from front to back.
 */
final class PackedMatrix {
    final int inner;
    final int columns;

    /** Number of vectors in a row, over all panels. */
    final int vectors;

    final float[] data;

    PackedMatrix(int inner, int columns) {
        this.inner = inner;
        this.columns = columns;
        vectors = (columns + LANES - 1) / LANES;
        data = new float[Math.multiplyExact(vectors * LANES, inner)];
    }

    /** Takes the values of a row-major [inner, columns] matrix. */
    void pack(float[] matrix) {
        packRows(matrix, 0, inner);
    }

    /**
     * Takes the first rows of a row-major [inner, columns] matrix; the others become zero.
     *
     * @param at first element of the matrix
     * @param rows number of rows taken
     */
    void packRows(float[] matrix, int at, int rows) {
        java.util.Arrays.fill(data, 0f);
        int panel;
        for (int v = 0; v < vectors; v += panel) {
            panel = Gemm.panelVectors(vectors - v);
            int first = v * LANES;
            int width = panel * LANES;
            int used = Math.min(width, columns - first);
            for (int k = 0; k < rows; k++) {
                System.arraycopy(
                        matrix, at + k * columns + first, data, first * inner + k * width, used);
            }
        }
    }

    /** Takes the values of a row-major [columns, inner] matrix, transposed. */
    void packTransposed(float[] matrix) {
        int panel;
        for (int v = 0; v < vectors; v += panel) {
            panel = Gemm.panelVectors(vectors - v);
            int first = v * LANES;
            int width = panel * LANES;
            int end = Math.min(first + width, columns);
            // Blocks of columns, so that both sides are read and written in whole cache lines.
            for (int from = first; from < end; from += LANES) {
                int to = Math.min(from + LANES, end);
                for (int k = 0; k < inner; k++) {
                    int at = first * inner + k * width - first;
                    for (int c = from; c < to; c++) {
                        data[at + c] = matrix[c * inner + k];
                    }
                }
            }
        }
    }
}
