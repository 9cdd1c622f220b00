package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.BLOCK;
import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;

import jdk.incubator.vector.FloatVector;

/**
 * Sums of outer products on register blocks. Both factors are copied to where the blocks read them
 * from front to back: it costs one copy for as many multiply-adds as the other factor has columns.
 * Not thread-safe.
 */
public final class OuterKernel {
    private static final Blocks ADDING =
            new Blocks(new BlockForm(BlockForm.Left.PACKED, BlockForm.Added.PRODUCT));

    /**
     * Rows summed over at once: what they bring to a panel stays in the first-level cache. The same
     * for all blocks, for it decides how sums are put together.
     */
    private static final int DEPTH = 256;

    private final BlockShape shape;

    /** Columns of the left factor, those of a block side by side: [blocks, depth, rows]. */
    private final float[] left;

    private final float[] panel;

    /** Scratch memory of a vector for the caller. */
    public final float[] lanes = new float[LANES];

    /**
     * A kernel with its working memory.
     *
     * @param rows largest number of rows of the sum
     */
    public OuterKernel(BlockShape shape, int rows) {
        this.shape = shape;
        // A column's numbers are copied by whole vectors, the last beyond its end.
        left = new float[Math.multiplyExact(DEPTH, rows) + BlockShape.TALLEST + LANES];
        panel = new float[DEPTH * shape.vectors() * LANES];
    }

    /** A kernel for sums that have a row for every neuron of any layer. */
    public static OuterKernel of(BlockShape shape, Network network) {
        int widest = 0;
        for (int i = 0; i < network.depth(); i++) {
            widest = Math.max(widest, network.size(i));
        }
        return new OuterKernel(shape, Simd.roundUp(widest, BLOCK));
    }

    /** The block of so many rows by so many vectors. */
    public static ProductBlock block(int rows, int vectors) {
        return ADDING.get(rows, vectors);
    }

    /**
     * {@code g += s^T p}: sums the outer products of some rows.
     *
     * @param s [count, n] from {@code sAt} on, rows {@code lds} apart
     * @param p [count, m] from {@code pAt} on, rows {@code ldp} apart
     * @param count number of rows summed over
     * @param fromRow first row of {@code g}
     * @param toRow end of the rows of {@code g}
     * @param columns number of columns of {@code g}, at most {@code ldp}; written up to the next
     *     multiple of the vector's length
     * @param g [n, m] from {@code gAt} on, rows {@code ldp} apart
     */
    public void add(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            int fromRow,
            int toRow,
            int columns,
            float[] g,
            int gAt) {
        int total = (columns + LANES - 1) / LANES;
        int rows = toRow - fromRow;
        for (int k = 0; k < count; k += DEPTH) {
            int part = Math.min(DEPTH, count - k);
            int packed = 0;
            int vectors;
            for (int v = 0; v < total; v += vectors) {
                vectors = shape.panelVectors(total - v);
                int height = shape.height(vectors);
                if (height != packed) {
                    packLeft(s, sAt + k * lds + fromRow, lds, part, rows, height);
                    packed = height;
                }
                packPanel(p, pAt + k * ldp + v * LANES, ldp, part, vectors);
                int to = gAt + fromRow * ldp + v * LANES;
                strip(vectors, rows, height, part, g, to, ldp);
            }
        }
    }

    /**
     * Copies the rows of a sum in even blocks of at most a height, as {@link #strip} reads them.
     */
    private void packLeft(float[] s, int sAt, int lds, int part, int rows, int height) {
        int count = (rows + height - 1) / height;
        int low = rows / count;
        int tall = rows % count;
        for (int block = 0, row = 0; block < count; block++) {
            int width = block < tall ? low + 1 : low;
            copyColumns(s, sAt + row, lds, part, width, row * part);
            row += width;
        }
    }

    /**
     * Copies whole vectors, which write beyond a block's rows what the next copy overwrites. The
     * last row is copied by numbers, for there may be nothing to read beyond it.
     */
    private void copyColumns(float[] s, int sAt, int lds, int part, int width, int to) {
        int last = part - 1;
        for (int k = 0; k < last; k++) {
            for (int c = 0; c < width; c += LANES) {
                FloatVector.fromArray(F, s, sAt + k * lds + c).intoArray(left, to + k * width + c);
            }
        }
        System.arraycopy(s, sAt + last * lds, left, to + last * width, width);
    }

    private void packPanel(float[] p, int pAt, int ldp, int part, int vectors) {
        int width = vectors * LANES;
        for (int k = 0; k < part; k++) {
            for (int c = 0; c < width; c += LANES) {
                FloatVector.fromArray(F, p, pAt + k * ldp + c).intoArray(panel, k * width + c);
            }
        }
    }

    /** Adds to all rows of the columns of a panel. */
    private void strip(int vectors, int rows, int height, int part, float[] g, int gAt, int ldg) {
        int count = (rows + height - 1) / height;
        int low = rows / count;
        int tall = rows % count;
        int done = tall * (low + 1);
        if (tall > 0) {
            run(low + 1, vectors, tall, 0, part, g, gAt, ldg);
        }
        run(low, vectors, count - tall, done * part, part, g, gAt + done * ldg, ldg);
    }

    private void run(
            int height, int vectors, int blocks, int at, int part, float[] g, int gAt, int ldg) {
        block(height, vectors).run(blocks, left, at, 0, panel, 0, part, null, 0, g, gAt, ldg);
    }
}
