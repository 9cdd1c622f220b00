package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

/**
 * Matrix products on register blocks. The columns of a panel of the right factor are finished for
 * all rows before the next panel, which thus stays in the first-level cache.
 */
public final class Gemm {
    /** What else is done to some columns of the product while they lie in the first-level cache. */
    public interface Epilogue {
        /**
         * Sees finished columns, those of one or more panels; every column comes once.
         *
         * @param column first column, a multiple of the vector's length
         * @param columns number of columns, a multiple of the vector's length
         */
        void finish(int column, int columns);
    }

    /**
     * Rows of a panel that all rows of the left factor go over before the next ones are read, at
     * most: they stay in the first-level cache. The same for all blocks, for it decides how sums
     * are put together.
     */
    private static final int DEPTH = 256;

    /** Columns to finish at once, at least: rows of fewer are too short for loops over them. */
    private static final int FINISHED_COLUMNS = 64;

    /** Largest number of columns that are finished at once. */
    public static final int MAX_FINISHED_COLUMNS = FINISHED_COLUMNS + BlockShape.WIDEST * LANES;

    private static final Blocks PLAIN = blocks(BlockForm.Added.NOTHING);
    private static final Blocks ON_ROW = blocks(BlockForm.Added.ROW);
    private static final Blocks ON_PRODUCT = blocks(BlockForm.Added.PRODUCT);

    private Gemm() {}

    private static Blocks blocks(BlockForm.Added added) {
        return new Blocks(new BlockForm(BlockForm.Left.ROWS, added));
    }

    /**
     * {@code c = a * b} for a block of rows.
     *
     * @param a row-major [rows, inner] from {@code aAt} on, rows {@code lda} apart
     * @param rows number of rows
     * @param b packed [inner, columns]
     * @param c [rows, columns] from {@code cAt} on, rows {@code ldc} apart; columns are written up
     *     to the next multiple of the vector's length
     */
    public static void multiply(
            float[] a, int aAt, int lda, int rows, PackedMatrix b, float[] c, int cAt, int ldc) {
        multiply(a, aAt, lda, rows, b, null, c, cAt, ldc, null);
    }

    /**
     * {@code c = a * b} plus a row, with something done to some columns of it at a time.
     *
     * @param row added to all rows, padded to whole vectors; null for none
     * @param then sees all columns once they are finished, counted from {@code cAt}; null for
     *     nothing
     */
    public static void multiply(
            float[] a,
            int aAt,
            int lda,
            int rows,
            PackedMatrix b,
            float[] row,
            float[] c,
            int cAt,
            int ldc,
            Epilogue then) {
        int vectors;
        int finished = 0;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = b.shape.panelVectors(b.vectors - v);
            panel(a, aAt, lda, rows, b, b.inner, v, vectors, row, c, cAt + v * LANES, ldc);
            int end = (v + vectors) * LANES;
            if (then != null && completesBlock(finished, end, b.vectors)) {
                then.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /**
     * {@code c += a * b}.
     *
     * @param a row-major [rows, inner], rows {@code lda} apart
     * @param b packed, at least [inner, columns]
     * @param inner number of products to a sum, at most {@link #DEPTH}
     * @param c [rows, columns], rows {@code ldc} apart; columns are written up to the next multiple
     *     of the vector's length
     */
    public static void add(
            float[] a, int lda, int rows, PackedMatrix b, int inner, float[] c, int ldc) {
        int vectors;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = b.shape.panelVectors(b.vectors - v);
            strip(
                    ON_PRODUCT,
                    b.shape,
                    vectors,
                    rows,
                    a,
                    0,
                    lda,
                    b.data,
                    b.place(v, vectors * LANES, 0),
                    inner,
                    null,
                    0,
                    c,
                    v * LANES,
                    ldc);
        }
    }

    /**
     * {@code a * b}, one block of columns at a time: each overwrites the last once it is finished.
     *
     * @param block receives the columns to be finished from its start on, rows {@link
     *     #MAX_FINISHED_COLUMNS} apart
     * @param then sees all columns once they are finished
     */
    public static void multiplyColumnBlocks(
            float[] a, int lda, int rows, PackedMatrix b, float[] block, Epilogue then) {
        int vectors;
        int finished = 0;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = b.shape.panelVectors(b.vectors - v);
            int to = v * LANES - finished;
            panel(a, 0, lda, rows, b, b.inner, v, vectors, null, block, to, MAX_FINISHED_COLUMNS);
            int end = (v + vectors) * LANES;
            if (completesBlock(finished, end, b.vectors)) {
                then.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /**
     * Some columns of {@code a * b}.
     *
     * @param column first column, that of a panel
     * @param columns number of columns, those of whole panels
     * @param block receives the columns from its start on, rows {@link #MAX_FINISHED_COLUMNS} apart
     */
    public static void multiplyColumnBlock(
            float[] a, int lda, int rows, PackedMatrix b, int column, int columns, float[] block) {
        int width;
        for (int done = 0; done < columns; done += width) {
            int v = (column + done) / LANES;
            int vectors = b.shape.panelVectors(b.vectors - v);
            width = vectors * LANES;
            panel(a, 0, lda, rows, b, b.inner, v, vectors, null, block, done, MAX_FINISHED_COLUMNS);
        }
    }

    /**
     * {@code a * b + u * b'}, where {@code b'} are the last rows of {@code b}, one block of columns
     * at a time.
     *
     * @param u row-major [rows, innerU], without padding
     * @param innerU number of the last rows of {@code b} that belong to {@code u}
     * @param firstProduct receives {@code a * b} alone, [rows, columns], rows {@code ldk} apart;
     *     null if it is not read
     * @param block receives the columns to be finished, as in {@link #multiplyColumnBlocks}
     * @param then sees all columns once they are finished
     */
    public static void multiplyTwoColumnBlocks(
            float[] a,
            int lda,
            int rows,
            float[] u,
            int innerU,
            PackedMatrix b,
            float[] firstProduct,
            int ldk,
            float[] block,
            Epilogue then) {
        int vectors;
        int finished = 0;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = b.shape.panelVectors(b.vectors - v);
            int to = v * LANES - finished;
            two(a, lda, rows, u, innerU, b, v, vectors, firstProduct, ldk, block, to);
            int end = (v + vectors) * LANES;
            if (completesBlock(finished, end, b.vectors)) {
                then.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /** The columns of a panel with two left factors, one after the other. */
    private static void two(
            float[] a,
            int lda,
            int rows,
            float[] u,
            int innerU,
            PackedMatrix b,
            int v,
            int vectors,
            float[] firstProduct,
            int ldk,
            float[] block,
            int to) {
        int width = vectors * LANES;
        int inner = b.inner - innerU;
        int ldw = MAX_FINISHED_COLUMNS;
        panel(a, 0, lda, rows, b, inner, v, vectors, null, block, to, ldw);
        for (int row = 0; firstProduct != null && row < rows; row++) {
            System.arraycopy(block, to + row * ldw, firstProduct, row * ldk + v * LANES, width);
        }
        int bAt = b.place(v, width, inner);
        strip(
                ON_PRODUCT,
                b.shape,
                vectors,
                rows,
                u,
                0,
                innerU,
                b.data,
                bAt,
                innerU,
                null,
                0,
                block,
                to,
                ldw);
    }

    /** Whether columns are enough for a block, or the last ones. */
    private static boolean completesBlock(int from, int end, int vectors) {
        return end - from >= FINISHED_COLUMNS || end == vectors * LANES;
    }

    /** The columns of a panel, which begins with vector {@code v}. */
    private static void panel(
            float[] a,
            int aAt,
            int lda,
            int rows,
            PackedMatrix b,
            int inner,
            int v,
            int vectors,
            float[] row,
            float[] c,
            int cAt,
            int ldc) {
        int width = vectors * LANES;
        int shares = (inner + DEPTH - 1) / DEPTH;
        int depth = (inner + shares - 1) / shares;
        for (int k = 0; k < inner; k += depth) {
            int count = Math.min(depth, inner - k);
            int bAt = b.place(v, width, k);
            Blocks blocks = k > 0 ? ON_PRODUCT : row == null ? PLAIN : ON_ROW;
            strip(
                    blocks, b.shape, vectors, rows, a, aAt + k, lda, b.data, bAt, count, row,
                    v * LANES, c, cAt, ldc);
        }
    }

    /**
     * All rows for the columns of a panel. No block has to be filled up: the rows are shared out
     * evenly, so that the heights of two blocks differ by one at most.
     */
    private static void strip(
            Blocks blocks,
            BlockShape shape,
            int vectors,
            int rows,
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
            int ldc) {
        int height = shape.height(vectors);
        int count = (rows + height - 1) / height;
        int low = rows / count;
        int tall = rows % count;
        int done = tall * (low + 1);
        if (tall > 0) {
            blocks.get(low + 1, vectors)
                    .run(tall, a, aAt, lda, b, bAt, inner, row, rowAt, c, cAt, ldc);
        }
        blocks.get(low, vectors)
                .run(
                        count - tall,
                        a,
                        aAt + done * lda,
                        lda,
                        b,
                        bAt,
                        inner,
                        row,
                        rowAt,
                        c,
                        cAt + done * ldc,
                        ldc);
    }

    /**
     * Lets columns be finished without computing them, as {@link #multiply} would.
     *
     * @param b the matrix whose columns they are
     */
    public static void visit(PackedMatrix b, Epilogue visitor) {
        int panel;
        int finished = 0;
        for (int v = 0; v < b.vectors; v += panel) {
            panel = b.shape.panelVectors(b.vectors - v);
            int end = (v + panel) * LANES;
            if (completesBlock(finished, end, b.vectors)) {
                visitor.finish(finished, end - finished);
                finished = end;
            }
        }
    }
}
