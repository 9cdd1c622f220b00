package io.dfc.cpu.simd.product;

/**
 * A register block of matrix products: some rows by some vectors, all sums in registers. {@link
 * BlockWriter} writes its subclasses, one to a {@link BlockForm}.
 *
 * <p>Every sum is formed in one order, that of the inner index, by one chain of fused
 * multiply-adds: its bits depend neither on the block nor on the length of vectors.
 */
public abstract class ProductBlock {
    /**
     * Computes {@code c = added + a b} for blocks of rows one below the other.
     *
     * @param blocks number of blocks
     * @param a left factor from {@code aAt} on: row-major with rows {@code lda} apart, or packed
     *     [blocks, inner, rows]
     * @param b one panel of a {@link PackedMatrix}, from {@code bAt} on
     * @param inner products to a sum
     * @param row added to all rows, from {@code rowAt} on; read by forms that add it
     * @param c sums from {@code cAt} on, rows {@code ldc} apart
     */
    public abstract void run(
            int blocks,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] row,
            int rowAt,
            float[] c,
            int cAt,
            int ldc);
}
