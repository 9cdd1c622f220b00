package io.dfc.cpu.simd;

/**
 * How a product with samples side by side is divided into register blocks.
 *
 * @param rows most rows of a block
 * @param vectors vectors of samples, which divide a tile
 * @param stride distance of the numbers of a block's next column from those of the last, at least
 *     {@code rows}. It means nothing to the result, but the compiler's order of instructions hangs
 *     on it, and by that whether all sums stay in registers
 */
record LaneShape(int rows, int vectors, int stride) {
    /** Tallest blocks that are made. */
    static final int TALLEST = 14;

    /** Largest distance of columns. */
    static final int LONGEST = 16;

    LaneShape {
        if (!exists(rows, vectors, stride)) {
            throw new IllegalArgumentException(
                    "no block of %d rows, %d apart, by %d vectors"
                            .formatted(rows, stride, vectors));
        }
    }

    /** Whether there is such a block. */
    static boolean exists(int rows, int vectors, int stride) {
        return rows >= 1
                && rows <= TALLEST
                && stride >= rows
                && stride <= LONGEST
                && vectors >= 1
                && Batch.TILE % (vectors * Simd.LANES) == 0;
    }

    /** Number of samples side by side. */
    int width() {
        return vectors * Simd.LANES;
    }

    @Override
    public String toString() {
        return rows + "x" + vectors + "/" + stride;
    }
}
