package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix products on register blocks. Few rows by many vectors is best where there are registers
 * for it: each row costs a broadcast and the arithmetic of its address, which competes with the
 * multiply-adds for ports; each vector costs one load.
 */
final class Gemm {
    private static final int WIDE = 6;
    private static final int THREE = 3;

    /** Whether sums of 24 vectors fit into registers. */
    private static final boolean MANY_REGISTERS = LANES >= 16;

    private Gemm() {}

    /** Number of vectors in the next panel of a packed matrix. */
    static int panelVectors(int remaining) {
        if (MANY_REGISTERS && remaining >= WIDE) {
            return WIDE;
        }
        if (!MANY_REGISTERS && remaining >= THREE) {
            return THREE;
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
        int inner = b.inner;
        int vectors;
        for (int v = 0; v < b.vectors; v += vectors) {
            vectors = panelVectors(b.vectors - v);
            int bAt = v * LANES * inner;
            int to = cAt + v * LANES;
            int step = vectors >= THREE ? 4 : 8;
            for (int r = 0; r < rows; r += step) {
                int from = aAt + r * lda;
                int at = to + r * ldc;
                switch (vectors) {
                    case WIDE -> fourByWide(a, from, lda, b.data, bAt, inner, c, at, ldc);
                    case THREE -> fourByThree(a, from, lda, b.data, bAt, inner, c, at, ldc);
                    case 2 -> eightByTwo(a, from, lda, b.data, bAt, inner, c, at, ldc);
                    default -> {
                        if (inner % 2 == 0) {
                            eightByOnePaired(a, from, lda, b.data, bAt, inner, c, at, ldc);
                        } else {
                            eightByOne(a, from, lda, b.data, bAt, inner, c, at, ldc);
                        }
                    }
                }
            }
        }
    }

    /** Four rows by six vectors: for machines with 32 vector registers. */
    private static void fourByWide(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c04 = c00;
        FloatVector c05 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c13 = c00;
        FloatVector c14 = c00;
        FloatVector c15 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c22 = c00;
        FloatVector c23 = c00;
        FloatVector c24 = c00;
        FloatVector c25 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c32 = c00;
        FloatVector c33 = c00;
        FloatVector c34 = c00;
        FloatVector c35 = c00;
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * 6 * LANES;
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

    /** Four rows by three vectors: for machines with 16 vector registers. */
    private static void fourByThree(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c22 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c32 = c00;
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * 3 * LANES;
            FloatVector b0 = FloatVector.fromArray(F, b, at);
            FloatVector b1 = FloatVector.fromArray(F, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(F, b, at + 2 * LANES);
            FloatVector x = FloatVector.broadcast(F, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = FloatVector.broadcast(F, a[a1 + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = FloatVector.broadcast(F, a[a2 + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = FloatVector.broadcast(F, a[a3 + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c02.intoArray(c, cAt + 2 * LANES);
        c10.intoArray(c, cAt + ldc);
        c11.intoArray(c, cAt + ldc + LANES);
        c12.intoArray(c, cAt + ldc + 2 * LANES);
        c20.intoArray(c, cAt + 2 * ldc);
        c21.intoArray(c, cAt + 2 * ldc + LANES);
        c22.intoArray(c, cAt + 2 * ldc + 2 * LANES);
        c30.intoArray(c, cAt + 3 * ldc);
        c31.intoArray(c, cAt + 3 * ldc + LANES);
        c32.intoArray(c, cAt + 3 * ldc + 2 * LANES);
    }

    /** Eight rows by two vectors. */
    private static void eightByTwo(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c01 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c40 = c00;
        FloatVector c41 = c00;
        FloatVector c50 = c00;
        FloatVector c51 = c00;
        FloatVector c60 = c00;
        FloatVector c61 = c00;
        FloatVector c70 = c00;
        FloatVector c71 = c00;
        int a1 = aAt + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        for (int k = 0; k < inner; k++) {
            int at = bAt + k * 2 * LANES;
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

    /** Eight rows by one vector. */
    private static void eightByOne(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        FloatVector c40 = c00;
        FloatVector c50 = c00;
        FloatVector c60 = c00;
        FloatVector c70 = c00;
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

    /** Eight rows by one vector, an even number of products at a time in two sets of sums. */
    private static void eightByOnePaired(
            float[] a,
            int aAt,
            int lda,
            float[] b,
            int bAt,
            int inner,
            float[] c,
            int cAt,
            int ldc) {
        FloatVector c00 = FloatVector.zero(F);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        FloatVector c40 = c00;
        FloatVector c50 = c00;
        FloatVector c60 = c00;
        FloatVector c70 = c00;
        FloatVector d00 = c00;
        FloatVector d10 = c00;
        FloatVector d20 = c00;
        FloatVector d30 = c00;
        FloatVector d40 = c00;
        FloatVector d50 = c00;
        FloatVector d60 = c00;
        FloatVector d70 = c00;
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
