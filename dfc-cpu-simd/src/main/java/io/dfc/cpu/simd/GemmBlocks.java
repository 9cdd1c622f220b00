package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Register blocks of a matrix product: {@code c = start + a * b} for a few rows of {@code a} and a
 * panel of {@code b}, all sums in registers. Each is spelled out because vectors in arrays, or in
 * helpers that the compiler does not inline, would become objects. The factors by which the loop's
 * counter is multiplied are constants, so that the compiler checks the bounds of the arrays once
 * and not in every round.
 *
 * <p>Parameters of all: {@code a} row-major, rows {@code lda} apart; {@code b} the rows of a panel,
 * one after the other; {@code start} what the sums start from, rows {@code lds} apart (0: one row
 * for all); {@code c} rows {@code ldc} apart.
 */
final class GemmBlocks {
    private static final int WINDOW = Gemm.MAX_FINISHED_COLUMNS;

    private GemmBlocks() {}

    /** Four rows by six vectors: for machines with 32 vector registers. */
    static void fourBySix(
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
        FloatVector c00 = FloatVector.fromArray(F, start, startAt);
        FloatVector c01 = FloatVector.fromArray(F, start, startAt + LANES);
        FloatVector c02 = FloatVector.fromArray(F, start, startAt + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(F, start, startAt + 3 * LANES);
        FloatVector c04 = FloatVector.fromArray(F, start, startAt + 4 * LANES);
        FloatVector c05 = FloatVector.fromArray(F, start, startAt + 5 * LANES);
        FloatVector c10 = FloatVector.fromArray(F, start, startAt + lds);
        FloatVector c11 = FloatVector.fromArray(F, start, startAt + lds + LANES);
        FloatVector c12 = FloatVector.fromArray(F, start, startAt + lds + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(F, start, startAt + lds + 3 * LANES);
        FloatVector c14 = FloatVector.fromArray(F, start, startAt + lds + 4 * LANES);
        FloatVector c15 = FloatVector.fromArray(F, start, startAt + lds + 5 * LANES);
        FloatVector c20 = FloatVector.fromArray(F, start, startAt + 2 * lds);
        FloatVector c21 = FloatVector.fromArray(F, start, startAt + 2 * lds + LANES);
        FloatVector c22 = FloatVector.fromArray(F, start, startAt + 2 * lds + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(F, start, startAt + 2 * lds + 3 * LANES);
        FloatVector c24 = FloatVector.fromArray(F, start, startAt + 2 * lds + 4 * LANES);
        FloatVector c25 = FloatVector.fromArray(F, start, startAt + 2 * lds + 5 * LANES);
        FloatVector c30 = FloatVector.fromArray(F, start, startAt + 3 * lds);
        FloatVector c31 = FloatVector.fromArray(F, start, startAt + 3 * lds + LANES);
        FloatVector c32 = FloatVector.fromArray(F, start, startAt + 3 * lds + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(F, start, startAt + 3 * lds + 3 * LANES);
        FloatVector c34 = FloatVector.fromArray(F, start, startAt + 3 * lds + 4 * LANES);
        FloatVector c35 = FloatVector.fromArray(F, start, startAt + 3 * lds + 5 * LANES);
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * (6 * LANES);
            FloatVector b0 = FloatVector.fromArray(F, b, at);
            FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(F, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(F, b, at + 3 * LANES);
            FloatVector b4 = FloatVector.fromArray(F, b, at + 4 * LANES);
            FloatVector b5 = FloatVector.fromArray(F, b, at + 5 * LANES);
            FloatVector x = FloatVector.broadcast(F, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            c04 = x.fma(b4, c04);
            c05 = x.fma(b5, c05);
            x = FloatVector.broadcast(F, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            c14 = x.fma(b4, c14);
            c15 = x.fma(b5, c15);
            x = FloatVector.broadcast(F, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            c24 = x.fma(b4, c24);
            c25 = x.fma(b5, c25);
            x = FloatVector.broadcast(F, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
            c34 = x.fma(b4, c34);
            c35 = x.fma(b5, c35);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c02.intoArray(c, cAt + 2 * LANES);
        c03.intoArray(c, cAt + 3 * LANES);
        c04.intoArray(c, cAt + 4 * LANES);
        c05.intoArray(c, cAt + 5 * LANES);
        c10.intoArray(c, cAt + ldc);
        c11.intoArray(c, cAt + ldc + LANES);
        c12.intoArray(c, cAt + ldc + 2 * LANES);
        c13.intoArray(c, cAt + ldc + 3 * LANES);
        c14.intoArray(c, cAt + ldc + 4 * LANES);
        c15.intoArray(c, cAt + ldc + 5 * LANES);
        c20.intoArray(c, cAt + 2 * ldc);
        c21.intoArray(c, cAt + 2 * ldc + LANES);
        c22.intoArray(c, cAt + 2 * ldc + 2 * LANES);
        c23.intoArray(c, cAt + 2 * ldc + 3 * LANES);
        c24.intoArray(c, cAt + 2 * ldc + 4 * LANES);
        c25.intoArray(c, cAt + 2 * ldc + 5 * LANES);
        c30.intoArray(c, cAt + 3 * ldc);
        c31.intoArray(c, cAt + 3 * ldc + LANES);
        c32.intoArray(c, cAt + 3 * ldc + 2 * LANES);
        c33.intoArray(c, cAt + 3 * ldc + 3 * LANES);
        c34.intoArray(c, cAt + 3 * ldc + 4 * LANES);
        c35.intoArray(c, cAt + 3 * ldc + 5 * LANES);
    }

    /** Eight rows by two vectors: for machines with 32 vector registers. */
    static void eightByTwo(
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
        FloatVector c00 = FloatVector.fromArray(F, start, startAt);
        FloatVector c01 = FloatVector.fromArray(F, start, startAt + LANES);
        FloatVector c10 = FloatVector.fromArray(F, start, startAt + lds);
        FloatVector c11 = FloatVector.fromArray(F, start, startAt + lds + LANES);
        FloatVector c20 = FloatVector.fromArray(F, start, startAt + 2 * lds);
        FloatVector c21 = FloatVector.fromArray(F, start, startAt + 2 * lds + LANES);
        FloatVector c30 = FloatVector.fromArray(F, start, startAt + 3 * lds);
        FloatVector c31 = FloatVector.fromArray(F, start, startAt + 3 * lds + LANES);
        FloatVector c40 = FloatVector.fromArray(F, start, startAt + 4 * lds);
        FloatVector c41 = FloatVector.fromArray(F, start, startAt + 4 * lds + LANES);
        FloatVector c50 = FloatVector.fromArray(F, start, startAt + 5 * lds);
        FloatVector c51 = FloatVector.fromArray(F, start, startAt + 5 * lds + LANES);
        FloatVector c60 = FloatVector.fromArray(F, start, startAt + 6 * lds);
        FloatVector c61 = FloatVector.fromArray(F, start, startAt + 6 * lds + LANES);
        FloatVector c70 = FloatVector.fromArray(F, start, startAt + 7 * lds);
        FloatVector c71 = FloatVector.fromArray(F, start, startAt + 7 * lds + LANES);
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * (2 * LANES);
            FloatVector b0 = FloatVector.fromArray(F, b, at);
            FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
            FloatVector x = FloatVector.broadcast(F, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(F, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(F, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(F, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(F, a[a4 + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(F, a[a5 + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(F, a[a6 + k]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(F, a[a7 + k]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + ldc);
        c11.intoArray(c, cAt + ldc + LANES);
        c20.intoArray(c, cAt + 2 * ldc);
        c21.intoArray(c, cAt + 2 * ldc + LANES);
        c30.intoArray(c, cAt + 3 * ldc);
        c31.intoArray(c, cAt + 3 * ldc + LANES);
        c40.intoArray(c, cAt + 4 * ldc);
        c41.intoArray(c, cAt + 4 * ldc + LANES);
        c50.intoArray(c, cAt + 5 * ldc);
        c51.intoArray(c, cAt + 5 * ldc + LANES);
        c60.intoArray(c, cAt + 6 * ldc);
        c61.intoArray(c, cAt + 6 * ldc + LANES);
        c70.intoArray(c, cAt + 7 * ldc);
        c71.intoArray(c, cAt + 7 * ldc + LANES);
    }

    /**
     * Four rows by two vectors, for machines with 16 vector registers; all rows of the strip, since
     * the compiler keeps each broadcast next to its use only if the loop over the blocks is here.
     *
     * @param rows number of rows, a multiple of four
     */
    static void fourByTwo(
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
        for (int row = 0; row < rows; row += 4) {
            int s0 = startAt + row * lds;
            int s1 = startAt + (row + 1) * lds;
            int s2 = startAt + (row + 2) * lds;
            int s3 = startAt + (row + 3) * lds;
            FloatVector c00 = FloatVector.fromArray(F, start, s0);
            FloatVector c01 = FloatVector.fromArray(F, start, s0 + LANES);
            FloatVector c10 = FloatVector.fromArray(F, start, s1);
            FloatVector c11 = FloatVector.fromArray(F, start, s1 + LANES);
            FloatVector c20 = FloatVector.fromArray(F, start, s2);
            FloatVector c21 = FloatVector.fromArray(F, start, s2 + LANES);
            FloatVector c30 = FloatVector.fromArray(F, start, s3);
            FloatVector c31 = FloatVector.fromArray(F, start, s3 + LANES);
            int a0 = aAt + row * lda;
            int a1 = aAt + (row + 1) * lda;
            int a2 = aAt + (row + 2) * lda;
            int a3 = aAt + (row + 3) * lda;
            for (int k = 0; k < inner; k++) {
                int at = bAt + k * (2 * LANES);
                FloatVector b0 = FloatVector.fromArray(F, b, at);
                FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
                FloatVector x = FloatVector.broadcast(F, a[a0 + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(F, a[a1 + k]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(F, a[a2 + k]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(F, a[a3 + k]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
            }
            int c0 = cAt + row * ldc;
            int c1 = cAt + (row + 1) * ldc;
            int c2 = cAt + (row + 2) * ldc;
            int c3 = cAt + (row + 3) * ldc;
            c00.intoArray(c, c0);
            c01.intoArray(c, c0 + LANES);
            c10.intoArray(c, c1);
            c11.intoArray(c, c1 + LANES);
            c20.intoArray(c, c2);
            c21.intoArray(c, c2 + LANES);
            c30.intoArray(c, c3);
            c31.intoArray(c, c3 + LANES);
        }
    }

    /**
     * {@code window += a * b} on four rows by two vectors, for machines with 16 vector registers
     * and few products to a sum: the sums' places are constants apart, and so are the factors of a
     * round, so that the compiler merges most checks of bounds.
     *
     * @param rows number of rows, a multiple of four
     * @param a packed [rows / 4, inner, 4]
     * @param c window, rows {@link Gemm#MAX_FINISHED_COLUMNS} apart
     */
    static void addFourByTwo(
            int rows, float[] a, float[] b, int bAt, int inner, float[] c, int cAt) {
        for (int row = 0; row < rows; row += 4) {
            int to = cAt + row * WINDOW;
            FloatVector c00 = FloatVector.fromArray(F, c, to);
            FloatVector c01 = FloatVector.fromArray(F, c, to + LANES);
            FloatVector c10 = FloatVector.fromArray(F, c, to + WINDOW);
            FloatVector c11 = FloatVector.fromArray(F, c, to + WINDOW + LANES);
            FloatVector c20 = FloatVector.fromArray(F, c, to + 2 * WINDOW);
            FloatVector c21 = FloatVector.fromArray(F, c, to + 2 * WINDOW + LANES);
            FloatVector c30 = FloatVector.fromArray(F, c, to + 3 * WINDOW);
            FloatVector c31 = FloatVector.fromArray(F, c, to + 3 * WINDOW + LANES);
            int aAt = row * inner;
            for (int k = 0; k < inner; k++) {
                int at = bAt + k * (2 * LANES);
                FloatVector b0 = FloatVector.fromArray(F, b, at);
                FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
                int from = aAt + k * 4;
                FloatVector x = FloatVector.broadcast(F, a[from]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(F, a[from + 1]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(F, a[from + 2]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(F, a[from + 3]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
            }
            c00.intoArray(c, to);
            c01.intoArray(c, to + LANES);
            c10.intoArray(c, to + WINDOW);
            c11.intoArray(c, to + WINDOW + LANES);
            c20.intoArray(c, to + 2 * WINDOW);
            c21.intoArray(c, to + 2 * WINDOW + LANES);
            c30.intoArray(c, to + 3 * WINDOW);
            c31.intoArray(c, to + 3 * WINDOW + LANES);
        }
    }

    /** Eight rows by one vector. */
    static void eightByOne(
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
        FloatVector c00 = FloatVector.fromArray(F, start, startAt);
        FloatVector c10 = FloatVector.fromArray(F, start, startAt + lds);
        FloatVector c20 = FloatVector.fromArray(F, start, startAt + 2 * lds);
        FloatVector c30 = FloatVector.fromArray(F, start, startAt + 3 * lds);
        FloatVector c40 = FloatVector.fromArray(F, start, startAt + 4 * lds);
        FloatVector c50 = FloatVector.fromArray(F, start, startAt + 5 * lds);
        FloatVector c60 = FloatVector.fromArray(F, start, startAt + 6 * lds);
        FloatVector c70 = FloatVector.fromArray(F, start, startAt + 7 * lds);
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * LANES;
            FloatVector b0 = FloatVector.fromArray(F, b, at);
            FloatVector x = FloatVector.broadcast(F, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(F, a[a1 + k]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(F, a[a2 + k]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(F, a[a3 + k]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(F, a[a4 + k]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(F, a[a5 + k]);
            c50 = x.fma(b0, c50);
            x = FloatVector.broadcast(F, a[a6 + k]);
            c60 = x.fma(b0, c60);
            x = FloatVector.broadcast(F, a[a7 + k]);
            c70 = x.fma(b0, c70);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + ldc);
        c20.intoArray(c, cAt + 2 * ldc);
        c30.intoArray(c, cAt + 3 * ldc);
        c40.intoArray(c, cAt + 4 * ldc);
        c50.intoArray(c, cAt + 5 * ldc);
        c60.intoArray(c, cAt + 6 * ldc);
        c70.intoArray(c, cAt + 7 * ldc);
    }

    /**
     * Eight rows by one vector, two products at a time in two sets of sums: {@code inner} is even.
     */
    static void eightByOnePaired(
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
        FloatVector c00 = FloatVector.fromArray(F, start, startAt);
        FloatVector c10 = FloatVector.fromArray(F, start, startAt + lds);
        FloatVector c20 = FloatVector.fromArray(F, start, startAt + 2 * lds);
        FloatVector c30 = FloatVector.fromArray(F, start, startAt + 3 * lds);
        FloatVector c40 = FloatVector.fromArray(F, start, startAt + 4 * lds);
        FloatVector c50 = FloatVector.fromArray(F, start, startAt + 5 * lds);
        FloatVector c60 = FloatVector.fromArray(F, start, startAt + 6 * lds);
        FloatVector c70 = FloatVector.fromArray(F, start, startAt + 7 * lds);
        FloatVector d00 = FloatVector.zero(F);
        FloatVector d10 = d00;
        FloatVector d20 = d00;
        FloatVector d30 = d00;
        FloatVector d40 = d00;
        FloatVector d50 = d00;
        FloatVector d60 = d00;
        FloatVector d70 = d00;
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        for (int k = 0; k < inner; k += 2) {
            int at = bAt + k * LANES;
            FloatVector b0 = FloatVector.fromArray(F, b, at);
            FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
            c00 = b0.fma(FloatVector.broadcast(F, a[aAt + k]), c00);
            d00 = b1.fma(FloatVector.broadcast(F, a[aAt + k + 1]), d00);
            c10 = b0.fma(FloatVector.broadcast(F, a[a1 + k]), c10);
            d10 = b1.fma(FloatVector.broadcast(F, a[a1 + k + 1]), d10);
            c20 = b0.fma(FloatVector.broadcast(F, a[a2 + k]), c20);
            d20 = b1.fma(FloatVector.broadcast(F, a[a2 + k + 1]), d20);
            c30 = b0.fma(FloatVector.broadcast(F, a[a3 + k]), c30);
            d30 = b1.fma(FloatVector.broadcast(F, a[a3 + k + 1]), d30);
            c40 = b0.fma(FloatVector.broadcast(F, a[a4 + k]), c40);
            d40 = b1.fma(FloatVector.broadcast(F, a[a4 + k + 1]), d40);
            c50 = b0.fma(FloatVector.broadcast(F, a[a5 + k]), c50);
            d50 = b1.fma(FloatVector.broadcast(F, a[a5 + k + 1]), d50);
            c60 = b0.fma(FloatVector.broadcast(F, a[a6 + k]), c60);
            d60 = b1.fma(FloatVector.broadcast(F, a[a6 + k + 1]), d60);
            c70 = b0.fma(FloatVector.broadcast(F, a[a7 + k]), c70);
            d70 = b1.fma(FloatVector.broadcast(F, a[a7 + k + 1]), d70);
        }
        c00.add(d00).intoArray(c, cAt);
        c10.add(d10).intoArray(c, cAt + ldc);
        c20.add(d20).intoArray(c, cAt + 2 * ldc);
        c30.add(d30).intoArray(c, cAt + 3 * ldc);
        c40.add(d40).intoArray(c, cAt + 4 * ldc);
        c50.add(d50).intoArray(c, cAt + 5 * ldc);
        c60.add(d60).intoArray(c, cAt + 6 * ldc);
        c70.add(d70).intoArray(c, cAt + 7 * ldc);
    }
}
