package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.LANES;

/**
 * Matrix products on register blocks. Few rows by many vectors is best where there are registers
 * for it: each row costs a broadcast and the arithmetic of its address, which competes with the
 * multiply-adds for ports; each vector costs one load. With 16 registers a block of 12 sums would
 * fit only if the compiler loaded every factor just before its use, which it does not.
 */
final class Gemm {
    /** What else is done to some columns of the product while they lie in the first-level cache. */
    interface Epilogue {
        /**
         * Sees finished columns, those of one or more panels; every column comes once.
         *
         * @param column first column, a multiple of the vector's length
         * @param columns number of columns, a multiple of the vector's length
         */
        void finish(int column, int columns);
    }

    private static final int SIX = 6;

    /** Whether sums of 24 vectors fit into registers. */
    private static final boolean MANY_REGISTERS = LANES >= 16;

    /**
     * Floats of a panel that all rows go over before the next ones are read: they stay in the
     * first-level cache, beside the rows' own numbers.
     */
    private static final int RESIDENT = 6 * 1024;

    /** Columns to finish at once, at least: rows of fewer are too short for loops over them. */
    private static final int FINISHED_COLUMNS = 64;

    /** Largest number of columns that are finished at once. */
    static final int MAX_FINISHED_COLUMNS = FINISHED_COLUMNS + SIX * LANES;

    /** What sums start from that start from nothing. */
    private static final float[] ZEROS = new float[SIX * LANES];

    private Gemm() {}

    /** Number of vectors in the next panel of a packed matrix. */
    static int panelVectors(int remaining) {
        if (MANY_REGISTERS && remaining >= SIX) {
            return SIX;
        }
        return Math.min(remaining, 2);
    }

    /**
     * {@code c = a * b} for a block of rows.
     *
     * @param a row-major [rows, inner] from {@code aAt} on, rows {@code lda} apart
     * @param rows number of rows, a multiple of eight
     * @param b packed [inner, columns]
     * @param c [rows, columns] from {@code cAt} on, rows {@code ldc} apart; columns are written up
     *     to the next multiple of the vector's length
     */
    static void multiply(
            float[] a, int aAt, int lda, int rows, PackedMatrix b, float[] c, int cAt, int ldc) {
        multiply(a, aAt, lda, rows, b, null, c, cAt, ldc, null);
    }

    /**
     * {@code c = a * b} plus a row, with something done to every panel of it.
     *
     * @param row added to all rows, padded to whole vectors; null for none
     * @param then sees all columns once they are finished, counted from {@code cAt}; null for
     *     nothing
     */
    static void multiply(
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
            vectors = panelVectors(b.vectors - v);
            panel(a, aAt, lda, rows, b, v, vectors, row, c, cAt + v * LANES, ldc);
            int end = (v + vectors) * LANES;
            if (then != null && isWindow(finished, end, b.vectors)) {
                then.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /**
     * {@code a * b}, of which only what is to be finished next is kept.
     *
     * @param window receives the columns to be finished from its start on, rows {@link
     *     #MAX_FINISHED_COLUMNS} apart
     * @param then sees all columns once they are finished
     */
    static void multiplyWindows(
            float[] a, int lda, int rows, PackedMatrix b, float[] window, Epilogue then) {
        int vectors;
        int finished = 0;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = panelVectors(b.vectors - v);
            int to = v * LANES - finished;
            panel(a, 0, lda, rows, b, v, vectors, null, window, to, MAX_FINISHED_COLUMNS);
            int end = (v + vectors) * LANES;
            if (isWindow(finished, end, b.vectors)) {
                then.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /** Whether columns are enough to be finished, or the last ones. */
    private static boolean isWindow(int from, int end, int vectors) {
        return end - from >= FINISHED_COLUMNS || end == vectors * LANES;
    }

    /** The columns of a panel, which begins with vector {@code v}. */
    private static void panel(
            float[] a,
            int aAt,
            int lda,
            int rows,
            PackedMatrix b,
            int v,
            int vectors,
            float[] row,
            float[] c,
            int cAt,
            int ldc) {
        int width = vectors * LANES;
        int column = v * LANES;
        int depth = residentDepth(b.inner, width);
        for (int k = 0; k < b.inner; k += depth) {
            int count = Math.min(depth, b.inner - k);
            int bAt = column * b.inner + k * width;
            int from = aAt + k;
            if (k > 0) {
                strip(vectors, rows, a, from, lda, b.data, bAt, count, c, cAt, ldc, c, cAt, ldc);
            } else if (row != null) {
                strip(vectors, rows, a, from, lda, b.data, bAt, count, row, column, 0, c, cAt, ldc);
            } else {
                strip(vectors, rows, a, from, lda, b.data, bAt, count, ZEROS, 0, 0, c, cAt, ldc);
            }
        }
    }

    /**
     * Lets columns be finished without computing them, as {@link #multiply} would.
     *
     * @param vectors vectors in a row
     */
    static void visit(int vectors, Epilogue visitor) {
        int panel;
        int finished = 0;
        for (int v = 0; v < vectors; v += panel) {
            panel = panelVectors(vectors - v);
            int end = (v + panel) * LANES;
            if (isWindow(finished, end, vectors)) {
                visitor.finish(finished, end - finished);
                finished = end;
            }
        }
    }

    /**
     * {@code window += a * b} for some columns, and few products to a sum.
     *
     * @param a row-major [rows, inner]
     * @param packed the same, four rows to a block: [rows / 4, inner, 4]
     * @param rows number of rows, a multiple of eight
     * @param column first column, that of a panel
     * @param columns number of columns, those of whole panels, at most {@link
     *     #MAX_FINISHED_COLUMNS}
     * @param window the columns, rows {@link #MAX_FINISHED_COLUMNS} apart
     */
    static void addToWindow(
            float[] a,
            float[] packed,
            int rows,
            PackedMatrix b,
            int column,
            int columns,
            float[] window) {
        int ldw = MAX_FINISHED_COLUMNS;
        int inner = b.inner;
        int width;
        for (int done = 0; done < columns; done += width) {
            int vectors = panelVectors(b.vectors - (column + done) / LANES);
            width = vectors * LANES;
            int bAt = (column + done) * inner;
            if (vectors == 2 && !MANY_REGISTERS) {
                GemmBlocks.addFourByTwo(rows, packed, b.data, bAt, inner, window, done);
            } else {
                strip(
                        vectors, rows, a, 0, inner, b.data, bAt, inner, window, done, ldw, window,
                        done, ldw);
            }
        }
    }

    /** Rows of a panel to go over at once: even shares of what stays in the cache. */
    private static int residentDepth(int inner, int width) {
        int shares = (inner * width + RESIDENT - 1) / RESIDENT;
        int depth = (inner + shares - 1) / shares;
        return Math.min(inner, depth + depth % 2);
    }

    /** {@code c = start + a * b} for all rows and the columns of a panel. */
    private static void strip(
            int vectors,
            int rows,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] start,
            int startAt,
            int lds,
            float[] c,
            int cAt,
            int ldc) {
        if (vectors == 2 && !MANY_REGISTERS) {
            GemmBlocks.fourByTwo(
                    rows, a, aAt, lda, b, bAt, inner, start, startAt, lds, c, cAt, ldc);
            return;
        }
        int step = vectors == SIX ? 4 : 8;
        for (int r = 0; r < rows; r += step) {
            int from = aAt + r * lda;
            int first = startAt + r * lds;
            int to = cAt + r * ldc;
            block(vectors, a, from, lda, b, bAt, inner, start, first, lds, c, to, ldc);
        }
    }

    private static void block(
            int vectors,
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] start,
            int startAt,
            int lds,
            float[] c,
            int cAt,
            int ldc) {
        switch (vectors) {
            case SIX ->
                    GemmBlocks.fourBySix(
                            a, aAt, lda, b, bAt, inner, start, startAt, lds, c, cAt, ldc);
            case 2 ->
                    GemmBlocks.eightByTwo(
                            a, aAt, lda, b, bAt, inner, start, startAt, lds, c, cAt, ldc);
            default -> {
                if (MANY_REGISTERS && inner % 2 == 0) {
                    GemmBlocks.eightByOnePaired(
                            a, aAt, lda, b, bAt, inner, start, startAt, lds, c, cAt, ldc);
                } else {
                    GemmBlocks.eightByOne(
                            a, aAt, lda, b, bAt, inner, start, startAt, lds, c, cAt, ldc);
                }
            }
        }
    }
}
