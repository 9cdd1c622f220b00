package io.dfc.cpu.simd;

/**
 * Height and width of register blocks: so many rows by so many vectors of sums fit into this
 * machine's registers, next to the factors.
 *
 * @param rows rows of a block that is as wide as a panel
 * @param vectors vectors of a panel
 */
record BlockShape(int rows, int vectors) {
    /** Tallest blocks that are made; what is narrower than a panel may be taller than it. */
    static final int TALLEST = 14;

    /** Widest panels, in vectors. */
    static final int WIDEST = 4;

    BlockShape {
        if (!exists(rows, vectors)) {
            throw new IllegalArgumentException(
                    "a register block has 1 to %d rows and 1 to %d vectors, not %dx%d"
                            .formatted(TALLEST, WIDEST, rows, vectors));
        }
    }

    /** Whether there is a block of so many rows by so many vectors. */
    static boolean exists(int rows, int vectors) {
        return rows >= 1 && rows <= TALLEST && vectors >= 1 && vectors <= WIDEST;
    }

    /** Number of vectors in the next panel of a row of which so many are left. */
    int panelVectors(int remaining) {
        return Math.min(remaining, vectors);
    }

    /** Rows of a block of fewer vectors. */
    int height(int width) {
        return Math.min(TALLEST, rows * vectors / width);
    }

    @Override
    public String toString() {
        return rows + "x" + vectors;
    }
}
