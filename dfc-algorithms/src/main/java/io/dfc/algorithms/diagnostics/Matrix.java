package io.dfc.algorithms.diagnostics;

import io.dfc.api.tensor.Tensor;

import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

import java.util.Arrays;
import java.util.Optional;

/** A small dense matrix in float64. Immutable, as long as nobody writes to an array wrapped. */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final double[] data;

    private Matrix(int rows, int columns, double[] data) {
        this.rows = rows;
        this.columns = columns;
        this.data = data;
    }

    /**
     * A matrix over an array.
     *
     * @param rows number of rows, at least 0
     * @param columns number of columns, at least 0
     * @param data elements, row-major; shared, not copied
     * @return the matrix
     */
    public static Matrix wrap(int rows, int columns, double[] data) {
        if (data.length != rows * columns) {
            throw new IllegalArgumentException(
                    rows + "x" + columns + " elements expected, got " + data.length);
        }
        return new Matrix(rows, columns, data);
    }

    /**
     * A matrix of zeros.
     *
     * @param rows number of rows
     * @param columns number of columns
     * @return the matrix
     */
    static Matrix zeros(int rows, int columns) {
        return new Matrix(rows, columns, new double[rows * columns]);
    }

    /**
     * A copy of a tensor of rank 2.
     *
     * @param tensor the tensor
     * @return the matrix
     */
    public static Matrix of(Tensor tensor) {
        return new Matrix(tensor.dim(0), tensor.dim(1), tensor.toDoubles());
    }

    /** {@return the number of rows} */
    public int rows() {
        return rows;
    }

    /** {@return the number of columns} */
    public int columns() {
        return columns;
    }

    /** {@return the elements themselves, row-major; not to be written} */
    double[] data() {
        return data;
    }

    /**
     * One element.
     *
     * @param row row, from 0
     * @param column column, from 0
     * @return the element
     */
    public double get(int row, int column) {
        return data[row * columns + column];
    }

    /**
     * A product.
     *
     * @param right matrix with as many rows as this has columns
     * @return {@code this right}
     */
    public Matrix times(Matrix right) {
        double[][] sums = new double[rows][right.columns];
        double[] row = new double[right.columns];
        for (int k = 0; k < columns; k++) {
            System.arraycopy(right.data, k * right.columns, row, 0, row.length);
            for (int i = 0; i < rows; i++) {
                Vectors.addScaled(sums[i], data[i * columns + k], row);
            }
        }
        Matrix out = zeros(rows, right.columns);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(sums[i], 0, out.data, i * right.columns, right.columns);
        }
        return out;
    }

    /**
     * A product with a vector.
     *
     * @param x array that holds the vector
     * @param at its first element
     * @return {@code this x}
     */
    double[] times(double[] x, int at) {
        double[] out = new double[rows];
        for (int i = 0; i < rows; i++) {
            out[i] = Vectors.dot(data, i * columns, x, at, columns);
        }
        return out;
    }

    /**
     * A product of the transposed matrix with a vector.
     *
     * @param x the vector
     * @return {@code this^T x}
     */
    double[] transposedTimes(double[] x) {
        double[] out = new double[columns];
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(data, i * columns, row, 0, columns);
            Vectors.addScaled(out, x[i], row);
        }
        return out;
    }

    /** {@return the transposed matrix} */
    public Matrix transposed() {
        Matrix out = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out.data[j * rows + i] = data[i * columns + j];
            }
        }
        return out;
    }

    /**
     * A sum.
     *
     * @param factor factor on the other matrix
     * @param other matrix of the same shape
     * @return {@code this + factor other}
     */
    Matrix plus(double factor, Matrix other) {
        double[] sum = data.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * other.data[i];
        }
        return new Matrix(rows, columns, sum);
    }

    /**
     * This square matrix with something added to its diagonal.
     *
     * @param value what is added
     * @return {@code this + value I}
     */
    public Matrix plusDiagonal(double value) {
        double[] sum = data.clone();
        for (int i = 0; i < rows; i++) {
            sum[i * columns + i] += value;
        }
        return new Matrix(rows, columns, sum);
    }

    /** Copies a block to a place of this matrix, while it is being built. */
    void put(int row, int column, double factor, Matrix block) {
        for (int i = 0; i < block.rows; i++) {
            for (int j = 0; j < block.columns; j++) {
                data[(row + i) * columns + column + j] += factor * block.get(i, j);
            }
        }
    }

    /** {@return the Frobenius norm} */
    public double norm() {
        return Vectors.norm(data);
    }

    /**
     * Solves a linear system.
     *
     * @param right right-hand side
     * @return {@code this^-1 right}; not finite numbers if the matrix is singular
     */
    double[] solve(double[] right) {
        LU<Double> lu = LU.R064.make(store());
        lu.decompose(store());
        double[] out = new double[columns];
        MatrixStore<Double> solution =
                lu.isSolvable() ? lu.getSolution(R064Store.wrap(right.clone(), rows)) : null;
        for (int i = 0; i < columns; i++) {
            out[i] = solution == null ? Double.NaN : solution.doubleValue(i, 0);
        }
        return out;
    }

    /** Real and imaginary parts of eigenvalues. */
    private record Spectrum(double[] real, double[] imaginary) {}

    private Spectrum spectrum() {
        double[] real = new double[rows];
        double[] imaginary = new double[rows];
        if (!Vectors.isFinite(data)) {
            Arrays.fill(real, Double.NaN);
            return new Spectrum(real, imaginary);
        }
        Eigenvalue<Double> eigenvalues = Eigenvalue.R064.make(rows, false);
        eigenvalues.computeValuesOnly(store());
        eigenvalues.getEigenvalues(real, Optional.of(imaginary));
        return new Spectrum(real, imaginary);
    }

    /** {@return the largest real part of the eigenvalues; NaN if an element is not finite} */
    public double largestRealPart() {
        double largest = Double.NEGATIVE_INFINITY;
        for (double real : spectrum().real()) {
            largest = Math.max(largest, real);
        }
        return largest;
    }

    /** {@return the largest magnitude of the eigenvalues; NaN if an element is not finite} */
    public double spectralRadius() {
        Spectrum s = spectrum();
        double largest = 0;
        for (int i = 0; i < rows; i++) {
            largest = Math.max(largest, Math.hypot(s.real()[i], s.imaginary()[i]));
        }
        return largest;
    }

    /** {@return the matrix as the library wants it} */
    R064Store store() {
        return R064Store.wrap(transposed().data, rows);
    }
}
