package io.dfc.cpu.simd.product;

/**
 * What a {@link ProductBlock} does.
 *
 * @param left how the left factor lies in memory
 * @param added what the sums are added to once they are complete
 */
record BlockForm(Left left, Added added) {
    /** How a left factor lies in memory. */
    enum Left {
        /** Row-major. */
        ROWS,

        /** The rows of a block side by side: [blocks, inner, rows]. */
        PACKED
    }

    /**
     * What complete sums are added to. They start from zero, since only then does the compiler keep
     * all of them in registers.
     */
    enum Added {
        /** Nothing: the sums are the product. */
        NOTHING,

        /** A row, the same for all rows of the product. */
        ROW,

        /** What the product was before. */
        PRODUCT
    }
}
