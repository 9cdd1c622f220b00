package io.dfc.cpu.simd;

/**
 * A matrix of [inner, columns] in panels: all rows of the first {@link Simd#PANEL} columns, then of
 * the next, padded with zeros. The product {@code a * matrix} then reads it from front to back.
 */
final class PackedMatrix {
    final int inner;
    final int columns;
    final int panels;
    final float[] data;

    PackedMatrix(int inner, int columns) {
        this.inner = inner;
        this.columns = columns;
        panels = Simd.stride(columns) / Simd.PANEL;
        data = new float[Math.multiplyExact(panels * Simd.PANEL, inner)];
    }

    /** Takes the values of a row-major [inner, columns] matrix. */
    void pack(float[] matrix) {
        for (int p = 0; p < panels; p++) {
            int first = p * Simd.PANEL;
            int width = Math.min(Simd.PANEL, columns - first);
            for (int k = 0; k < inner; k++) {
                System.arraycopy(
                        matrix, k * columns + first, data, (p * inner + k) * Simd.PANEL, width);
            }
        }
    }

    /** Takes the values of a row-major [columns, inner] matrix, transposed. */
    void packTransposed(float[] matrix) {
        for (int c = 0; c < columns; c++) {
            int at = c / Simd.PANEL * inner * Simd.PANEL + c % Simd.PANEL;
            int from = c * inner;
            for (int k = 0; k < inner; k++) {
                data[at + k * Simd.PANEL] = matrix[from + k];
            }
        }
    }
}
