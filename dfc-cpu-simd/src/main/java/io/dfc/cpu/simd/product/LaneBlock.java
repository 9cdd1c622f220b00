package io.dfc.cpu.simd.product;

/**
 * A register block of a product {@code c = a b} whose right factor and product have samples side by
 * side: some rows by as many samples as a {@link LaneShape} is wide. {@link LaneBlockWriter} writes
 * its subclasses.
 *
 * <p>Every sum is formed in one order, that of the inner index, by one chain of fused
 * multiply-adds: its bits depend neither on the block nor on the length of vectors.
 */
public abstract class LaneBlock {
    /** What becomes of complete sums. */
    public enum Form {
        /** They are the product. */
        PLAIN,

        /** They are added to what is there. */
        ADDED,

        /** They are stored, and added to what is there. */
        STORED_AND_ADDED
    }

    /**
     * Multiplies blocks of rows, one below the other.
     *
     * @param blocks number of blocks
     * @param a rows of a {@link LaneWeights}, from {@code aAt} on
     * @param b right factor [inner, width] from {@code bAt} on
     * @param inner products to a sum
     * @param stored receives the sums from {@code storedAt} on; only of a form that stores them
     * @param c receives the sums [rows, width] from {@code cAt} on
     */
    abstract void run(
            int blocks,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int inner,
            float[] stored,
            int storedAt,
            float[] c,
            int cAt);
}
