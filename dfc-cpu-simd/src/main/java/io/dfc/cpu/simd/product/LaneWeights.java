package io.dfc.cpu.simd.product;

/**
 * A matrix as {@link LaneBlock} reads it: the rows of a block side by side, [blocks, inner,
 * stride]. The rows are shared out evenly, so that the heights of two blocks differ by one at most
 * and none has to be filled up.
 */
public final class LaneWeights {
    public final LaneShape shape;

    /** Columns of the matrix. */
    final int inner;

    /** Number of blocks. */
    public final int blocks;

    /** Blocks that come first and have one row more than the others. */
    private final int tall;

    /** Rows of the other blocks. */
    private final int low;

    private final float[] data;
    private final LaneBlocks made;

    public LaneWeights(LaneShape shape, int rows, int inner) {
        this.shape = shape;
        this.inner = inner;
        blocks = (rows + shape.rows() - 1) / shape.rows();
        low = rows / blocks;
        tall = rows % blocks;
        data = new float[Math.multiplyExact(blocks, blockSize())];
        made = LaneBlocks.of(shape);
    }

    private int blockSize() {
        return Math.multiplyExact(inner, shape.stride());
    }

    /** First row of a block; of the number of blocks, the number of rows. */
    public int row(int block) {
        return block * low + Math.min(block, tall);
    }

    /** Takes the values of a row-major matrix. */
    public void pack(float[] matrix) {
        int stride = shape.stride();
        for (int b = 0; b < blocks; b++) {
            int to = b * blockSize();
            for (int row = row(b); row < row(b + 1); row++, to++) {
                for (int k = 0; k < inner; k++) {
                    data[to + k * stride] = matrix[row * inner + k];
                }
            }
        }
    }

    /**
     * Some rows of the product of the matrix with {@code b}.
     *
     * @param form whether {@code c} becomes the product, or the product is added to it
     * @param from first block
     * @param to end of the blocks
     * @param b [inner, width] from {@code bAt} on
     * @param stored receives the product itself, the row of block {@code from} at {@code storedAt};
     *     only if the form stores it
     * @param c receives the product or the sum, the row of block {@code from} at 0
     */
    public void multiply(
            LaneBlock.Form form,
            int from,
            int to,
            float[] b,
            int bAt,
            float[] stored,
            int storedAt,
            float[] c) {
        int middle = Math.clamp(tall, from, to);
        int done = (row(middle) - row(from)) * shape.width();
        if (middle > from) {
            made.get(low + 1, form)
                    .run(
                            middle - from,
                            data,
                            from * blockSize(),
                            b,
                            bAt,
                            inner,
                            stored,
                            storedAt,
                            c,
                            0);
        }
        if (to > middle) {
            made.get(low, form)
                    .run(
                            to - middle,
                            data,
                            middle * blockSize(),
                            b,
                            bAt,
                            inner,
                            stored,
                            storedAt + done,
                            c,
                            done);
        }
    }
}
