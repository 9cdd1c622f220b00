package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.cpu.simd.kernel.Transposition;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * A matrix of [inner, columns] in panels of a few vectors: all rows of the columns of the first
 * panel, then of the next, padded with zeros. The product {@code a * matrix} then reads it from
 * front to back. A matrix may be some of the rows of a larger one.
 */
public final class PackedMatrix {
    public final BlockShape shape;
    final int inner;
    public final int columns;

    /** Number of vectors in a row, over all panels. */
    public final int vectors;

    public final float[] data;

    /** Rows of the matrix that the data belong to, and which of them is the first of this one. */
    private final int depth;

    private final int from;

    /**
     * A matrix of zeros.
     *
     * @param shape blocks that multiply it
     */
    public PackedMatrix(BlockShape shape, int inner, int columns) {
        this(
                shape,
                inner,
                columns,
                new float[Math.multiplyExact(Math.multiplyExact(vectors(columns), LANES), inner)],
                inner,
                0);
    }

    private PackedMatrix(
            BlockShape shape, int inner, int columns, float[] data, int depth, int from) {
        this.shape = shape;
        this.inner = inner;
        this.columns = columns;
        this.data = data;
        this.depth = depth;
        this.from = from;
        vectors = vectors(columns);
    }

    private static int vectors(int columns) {
        return (columns + LANES - 1) / LANES;
    }

    /** Some of the rows, which stay in the data of this matrix. */
    public PackedMatrix rows(int first, int count) {
        return new PackedMatrix(shape, count, columns, data, depth, from + first);
    }

    /**
     * Place in the data of a row of a panel.
     *
     * @param vector first vector of the panel
     * @param width numbers in a row of the panel
     */
    public int place(int vector, int width, int row) {
        return vector * LANES * depth + (from + row) * width;
    }

    /** Takes the values of a row-major [inner, columns] matrix. */
    public void pack(float[] matrix) {
        packRows(matrix, 0, inner);
    }

    /**
     * Takes the first rows of a row-major [inner, columns] matrix; the others become zero.
     *
     * @param at first element of the matrix
     * @param rows number of rows taken
     */
    public void packRows(float[] matrix, int at, int rows) {
        int panel;
        for (int v = 0; v < vectors; v += panel) {
            panel = shape.panelVectors(vectors - v);
            int first = v * LANES;
            int width = panel * LANES;
            int used = Math.min(width, columns - first);
            for (int k = 0; k < rows; k++) {
                System.arraycopy(matrix, at + k * columns + first, data, place(v, width, k), used);
            }
            Arrays.fill(data, place(v, width, rows), place(v, width, inner), 0f);
        }
    }

    /**
     * Takes padded rows of an array as some of its rows.
     *
     * @param from rows from {@code at} on, {@code stride} apart, padded to whole vectors
     * @param count number of rows taken
     * @param row row of this matrix that the first of them becomes
     */
    public void takeRows(float[] from, int at, int stride, int count, int row) {
        int width;
        for (int v = 0; v < vectors; v += width / LANES) {
            width = shape.panelVectors(vectors - v) * LANES;
            int place = place(v, width, row);
            for (int s = 0; s < count; s++) {
                int start = at + s * stride + v * LANES;
                for (int c = 0; c < width; c += LANES) {
                    FloatVector.fromArray(F, from, start + c)
                            .intoArray(data, place + s * width + c);
                }
            }
        }
    }

    /** Takes the values of a row-major [columns, inner] matrix, transposed. */
    public void packTransposed(float[] matrix) {
        packTransposed(matrix, 0, panels());
    }

    /** Takes the values of a [columns, inner] matrix with padded rows, transposed. */
    public void packTransposed(float[] matrix, int stride) {
        packTransposed(matrix, stride, 0, panels());
    }

    /** Does so for some panels alone. */
    public void packTransposed(float[] matrix, int fromPanel, int toPanel) {
        packTransposed(matrix, inner, fromPanel, toPanel);
    }

    private void packTransposed(float[] matrix, int stride, int fromPanel, int toPanel) {
        for (int p = fromPanel; p < toPanel; p++) {
            int v = p * shape.vectors();
            int first = v * LANES;
            int width = shape.panelVectors(vectors - v) * LANES;
            int used = Math.min(width, columns - first);
            Transposition.copy(
                    matrix, first * stride, stride, used, inner, data, place(v, width, 0), width);
        }
    }

    /** Number of panels, the last of which may be narrower. */
    public int panels() {
        return (vectors + shape.vectors() - 1) / shape.vectors();
    }
}
