package io.dfc.api.reference.model;

/**
 * Products of a matrix with itself.
 *
 * @param values row-major numbers
 * @param columns number of columns
 */
@SuppressWarnings("ArrayRecordComponent")
public // a view
record SquareMatrix(double[] values, int columns) {
    /** Adds {@code factor A offdiag(A^T A)}. */
    public void addOrthogonality(double factor, double[] sum) {
        int rows = values.length / columns;
        double[] gram = new double[columns * columns];
        for (int r = 0; r < rows; r++) {
            Buffers.addOuter(gram, 1, values, r * columns, columns, values, r * columns, columns);
        }
        for (int i = 0; i < columns; i++) {
            gram[i * columns + i] = 0;
        }
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < columns; j++) {
                    sum[r * columns + j] +=
                            factor * values[r * columns + i] * gram[i * columns + j];
                }
            }
        }
    }
}
