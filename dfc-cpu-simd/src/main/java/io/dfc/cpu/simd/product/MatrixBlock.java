package io.dfc.cpu.simd.product;

/**
 * A register block of a {@link MatrixProduct}: some rows of either factor. {@link
 * MatrixBlockWriter} writes its subclasses.
 *
 * <p>Every sum is formed in the order of the inner index, by one chain of fused multiply-adds: its
 * bits do not depend on the block.
 */
public abstract class MatrixBlock {
    /**
     * Where a block finds its elements, each a vector.
     *
     * @param rows rows of the left factor
     * @param columns rows of the right factor, columns of the product
     * @param innerStep distance of an element of a factor from the next of the inner index
     * @param rowStep distance from the element of the next row
     * @param productStep distance of a row of the product from the next
     */
    record Form(int rows, int columns, int innerStep, int rowStep, int productStep) {}

    /**
     * Multiplies blocks of rows of the left factor, one below the other, with the same rows of the
     * right one.
     *
     * @param blocks number of blocks
     * @param a left factor, from {@code aAt} on
     * @param b right factor, from {@code bAt} on
     * @param inner products to a sum
     * @param c receives the sums from {@code cAt} on
     */
    abstract void run(
            int blocks, float[] a, int aAt, float[] b, int bAt, int inner, float[] c, int cAt);
}
