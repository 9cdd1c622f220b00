package io.dfc.cpu.simd;

/**
 * Rows of {@code [W Q]} as {@link LaneBlock} reads them: those of a block side by side, [blocks,
 * inner, stride]. The rows are shared out evenly, so that the heights of two blocks differ by one
 * at most and none has to be filled up.
 */
final class LaneWeights {
    final LaneShape shape;

    /** Columns of {@code W}; 0 for a layer without a layer below. */
    final int fanIn;

    /** Columns of {@code Q}. */
    final int outputs;

    /** Number of blocks. */
    final int blocks;

    /** Blocks that come first and have one row more than the others. */
    final int tall;

    /** Rows of the other blocks. */
    final int low;

    private final float[] data;
    private final LaneBlock[] plain;
    private final LaneBlock[] keeping;

    LaneWeights(LaneShape shape, int size, int fanIn, int outputs) {
        this.shape = shape;
        this.fanIn = fanIn;
        this.outputs = outputs;
        blocks = (size + shape.rows() - 1) / shape.rows();
        low = size / blocks;
        tall = size % blocks;
        data = new float[Math.multiplyExact(blocks, blockSize())];
        LaneBlocks made = LaneBlocks.of(shape);
        plain = new LaneBlock[] {made.get(low, false), tall > 0 ? made.get(low + 1, false) : null};
        keeping = new LaneBlock[] {made.get(low, true), tall > 0 ? made.get(low + 1, true) : null};
    }

    private int blockSize() {
        return Math.multiplyExact(fanIn + outputs, shape.stride());
    }

    /** First row of a block; of the number of blocks, the number of rows. */
    int row(int block) {
        return block * low + Math.min(block, tall);
    }

    /**
     * Takes the values of row-major matrices.
     *
     * @param from first column of the whole that the matrix has
     * @param columns number of its columns
     */
    private void pack(float[] matrix, int from, int columns) {
        int stride = shape.stride();
        for (int b = 0; b < blocks; b++) {
            int rows = row(b + 1) - row(b);
            int to = b * blockSize() + from * stride;
            for (int r = 0; r < rows; r++) {
                int at = (row(b) + r) * columns;
                for (int k = 0; k < columns; k++) {
                    data[to + k * stride + r] = matrix[at + k];
                }
            }
        }
    }

    /** Takes forward weights, row-major [size, fanIn]. */
    void packWeights(float[] w) {
        if (fanIn > 0) {
            pack(w, 0, fanIn);
        }
    }

    /** Takes feedback weights, row-major [size, n_L]. */
    void packFeedback(float[] q) {
        pack(q, fanIn, outputs);
    }

    /**
     * Some rows of the product {@code [W Q] b}.
     *
     * @param from first block
     * @param to end of the blocks
     * @param b right factor, [fanIn + outputs, width] from {@code bAt} on
     * @param kept receives {@code W b} alone, the row of block {@code from} at {@code keptAt}; null
     *     if nobody wants it
     * @param c receives the product, its first row at 0
     */
    void multiply(int from, int to, float[] b, int bAt, float[] kept, int keptAt, float[] c) {
        int middle = Math.clamp(tall, from, to);
        int done = (row(middle) - row(from)) * shape.width();
        run(1, from, middle, b, bAt, kept, keptAt, c, 0);
        run(0, middle, to, b, bAt, kept, keptAt + done, c, done);
    }

    private void run(
            int taller,
            int from,
            int to,
            float[] b,
            int bAt,
            float[] kept,
            int keptAt,
            float[] c,
            int cAt) {
        if (from == to) {
            return;
        }
        int at = from * blockSize();
        int inner = fanIn + outputs;
        if (kept == null) {
            plain[taller].run(to - from, data, at, b, bAt, inner, 0, c, 0, c, cAt);
        } else {
            keeping[taller].run(to - from, data, at, b, bAt, fanIn, outputs, kept, keptAt, c, cAt);
        }
    }
}
