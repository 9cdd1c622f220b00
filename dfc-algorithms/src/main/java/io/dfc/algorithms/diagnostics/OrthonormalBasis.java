package io.dfc.algorithms.diagnostics;

import org.ojalgo.matrix.decomposition.QR;
import org.ojalgo.matrix.store.MatrixStore;

/** Orthonormal bases of the space of some rows. */
final class OrthonormalBasis {
    private OrthonormalBasis() {}

    /**
     * A basis whose span holds every row of a matrix.
     *
     * @param matrix the matrix
     * @return as many orthonormal rows as the matrix has rows or columns, whichever is fewer
     */
    static Matrix ofRows(Matrix matrix) {
        int rank = Math.min(matrix.rows(), matrix.columns());
        QR<Double> qr = QR.R064.make(matrix.transposed().store());
        qr.decompose(matrix.transposed().store());
        MatrixStore<Double> q = qr.getQ();
        Matrix basis = Matrix.zeros(rank, matrix.columns());
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                basis.data()[i * matrix.columns() + j] = q.doubleValue(j, i);
            }
        }
        return basis;
    }
}
