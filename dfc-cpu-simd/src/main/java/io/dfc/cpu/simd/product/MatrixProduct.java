package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Products {@code c = a b^T} of matrices of {@code n} rows whose elements are vectors, and are
 * multiplied lane by lane: matrices of as many samples as a vector has lanes.
 */
public final class MatrixProduct {
    /** Most columns of a block: with few rows of as many sums as hide the time of an addition. */
    private static final int WIDEST = 5;

    private static final ConcurrentMap<MatrixBlock.Form, MatrixBlock> MADE =
            new ConcurrentHashMap<>();

    /**
     * Blocks of one form, one below the other.
     *
     * @param row first row of the left factor
     * @param rows number of rows of all blocks
     * @param column first row of the right factor
     * @param end end of its rows
     * @param blocks number of blocks
     */
    private record Strip(MatrixBlock block, int row, int rows, int column, int end, int blocks) {}

    private final int n;
    private final int rowStep;
    private final Strip[] strips;

    /**
     * A product; the rows of {@code c} are {@code n} vectors long.
     *
     * @param n rows of both factors
     * @param innerStep distance of an element of a factor from the next of the inner index
     * @param rowStep distance from the element of the next row
     */
    public MatrixProduct(int n, int innerStep, int rowStep) {
        this.n = n;
        this.rowStep = rowStep;
        List<Strip> all = new ArrayList<>();
        int wide = (n + WIDEST - 1) / WIDEST;
        int end;
        for (int column = 0, at = 0; at < wide; at++, column = end) {
            int width = n / wide + (at < n % wide ? 1 : 0);
            end = column + width;
            int tallest = Math.max(1, (RegisterBlocks.REGISTERS - 1 - width) / width);
            int high = (n + tallest - 1) / tallest;
            int low = n / high;
            int tall = n % high;
            int[] heights = {low + 1, low};
            int[] counts = {tall, high - tall};
            int row = 0;
            for (int k = 0; k < counts.length; k++) {
                if (counts[k] > 0) {
                    MatrixBlock.Form form =
                            new MatrixBlock.Form(heights[k], width, innerStep, rowStep, n * LANES);
                    MatrixBlock block = MADE.computeIfAbsent(form, MatrixBlockWriter::block);
                    int rows = heights[k] * counts[k];
                    all.add(new Strip(block, row, rows, column, end, counts[k]));
                    row += rows;
                }
            }
        }
        strips = all.toArray(Strip[]::new);
    }

    /**
     * Products of matrices that lie side by side: the elements of all rows with the same inner
     * index are neighbours.
     */
    public static MatrixProduct ofColumns(int n) {
        return new MatrixProduct(n, n * LANES, LANES);
    }

    /**
     * {@code c = a b^T}.
     *
     * @param a left factor from {@code aAt} on
     * @param b right factor from {@code bAt} on
     * @param inner products to a sum
     * @param c receives the product, [n, n, lanes] from {@code cAt} on
     */
    public void multiply(float[] a, int aAt, float[] b, int bAt, int inner, float[] c, int cAt) {
        for (Strip s : strips) {
            s.block.run(
                    s.blocks,
                    a,
                    aAt + s.row * rowStep,
                    b,
                    bAt + s.column * rowStep,
                    inner,
                    c,
                    cAt + (s.row * n + s.column) * LANES);
        }
    }

    /** {@code c = a a^T}, of which what lies below the diagonal may be left out. */
    public void multiplyByItself(float[] a, int aAt, int inner, float[] c) {
        for (Strip s : strips) {
            int height = s.rows / s.blocks;
            // Blocks that begin below the last of their columns hold nothing that is asked for.
            int needed = Math.min(s.blocks, (s.end - s.row + height - 1) / height);
            if (needed > 0) {
                s.block.run(
                        needed,
                        a,
                        aAt + s.row * rowStep,
                        a,
                        aAt + s.column * rowStep,
                        inner,
                        c,
                        (s.row * n + s.column) * LANES);
            }
        }
    }
}
