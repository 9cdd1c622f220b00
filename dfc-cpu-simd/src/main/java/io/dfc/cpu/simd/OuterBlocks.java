package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.BLOCK;
import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Register blocks of a sum of outer products: {@code g += s^T p} for a few columns of {@code s} and
 * a few vectors of {@code p}, all sums in registers; spelled out for the same reason as those of
 * {@link GemmBlocks}.
 *
 * <p>Parameters of all: {@code s} packed [count, 8] from {@code sAt} on; {@code p} packed [count,
 * vectors * lanes]; rows of {@code g} are {@code ldg} apart. The factors by which the loop's
 * counter is multiplied are constants, so that the compiler checks the bounds of the arrays once
 * and not in every round.
 */
final class OuterBlocks {
    private OuterBlocks() {}

    /** Eight rows by three vectors: for machines with 32 vector registers. */
    static void eightByThree(
            float[] s, int sAt, float[] p, int count, float[] g, int gAt, int ldg) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c01 = FloatVector.fromArray(F, g, gAt + LANES);
        FloatVector c02 = FloatVector.fromArray(F, g, gAt + 2 * LANES);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldg);
        FloatVector c11 = FloatVector.fromArray(F, g, gAt + ldg + LANES);
        FloatVector c12 = FloatVector.fromArray(F, g, gAt + ldg + 2 * LANES);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldg);
        FloatVector c21 = FloatVector.fromArray(F, g, gAt + 2 * ldg + LANES);
        FloatVector c22 = FloatVector.fromArray(F, g, gAt + 2 * ldg + 2 * LANES);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldg);
        FloatVector c31 = FloatVector.fromArray(F, g, gAt + 3 * ldg + LANES);
        FloatVector c32 = FloatVector.fromArray(F, g, gAt + 3 * ldg + 2 * LANES);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldg);
        FloatVector c41 = FloatVector.fromArray(F, g, gAt + 4 * ldg + LANES);
        FloatVector c42 = FloatVector.fromArray(F, g, gAt + 4 * ldg + 2 * LANES);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldg);
        FloatVector c51 = FloatVector.fromArray(F, g, gAt + 5 * ldg + LANES);
        FloatVector c52 = FloatVector.fromArray(F, g, gAt + 5 * ldg + 2 * LANES);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldg);
        FloatVector c61 = FloatVector.fromArray(F, g, gAt + 6 * ldg + LANES);
        FloatVector c62 = FloatVector.fromArray(F, g, gAt + 6 * ldg + 2 * LANES);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldg);
        FloatVector c71 = FloatVector.fromArray(F, g, gAt + 7 * ldg + LANES);
        FloatVector c72 = FloatVector.fromArray(F, g, gAt + 7 * ldg + 2 * LANES);
        for (int k = 0; k < count; k++) {
            int to = k * (3 * LANES);
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            FloatVector b1 = FloatVector.fromArray(F, p, to + LANES);
            FloatVector b2 = FloatVector.fromArray(F, p, to + 2 * LANES);
            int at = sAt + k * BLOCK;
            FloatVector x = FloatVector.broadcast(F, s[at]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            x = FloatVector.broadcast(F, s[at + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            x = FloatVector.broadcast(F, s[at + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            x = FloatVector.broadcast(F, s[at + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            x = FloatVector.broadcast(F, s[at + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            c42 = x.fma(b2, c42);
            x = FloatVector.broadcast(F, s[at + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            c52 = x.fma(b2, c52);
            x = FloatVector.broadcast(F, s[at + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            c62 = x.fma(b2, c62);
            x = FloatVector.broadcast(F, s[at + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
            c72 = x.fma(b2, c72);
        }
        c00.intoArray(g, gAt);
        c01.intoArray(g, gAt + LANES);
        c02.intoArray(g, gAt + 2 * LANES);
        c10.intoArray(g, gAt + ldg);
        c11.intoArray(g, gAt + ldg + LANES);
        c12.intoArray(g, gAt + ldg + 2 * LANES);
        c20.intoArray(g, gAt + 2 * ldg);
        c21.intoArray(g, gAt + 2 * ldg + LANES);
        c22.intoArray(g, gAt + 2 * ldg + 2 * LANES);
        c30.intoArray(g, gAt + 3 * ldg);
        c31.intoArray(g, gAt + 3 * ldg + LANES);
        c32.intoArray(g, gAt + 3 * ldg + 2 * LANES);
        c40.intoArray(g, gAt + 4 * ldg);
        c41.intoArray(g, gAt + 4 * ldg + LANES);
        c42.intoArray(g, gAt + 4 * ldg + 2 * LANES);
        c50.intoArray(g, gAt + 5 * ldg);
        c51.intoArray(g, gAt + 5 * ldg + LANES);
        c52.intoArray(g, gAt + 5 * ldg + 2 * LANES);
        c60.intoArray(g, gAt + 6 * ldg);
        c61.intoArray(g, gAt + 6 * ldg + LANES);
        c62.intoArray(g, gAt + 6 * ldg + 2 * LANES);
        c70.intoArray(g, gAt + 7 * ldg);
        c71.intoArray(g, gAt + 7 * ldg + LANES);
        c72.intoArray(g, gAt + 7 * ldg + 2 * LANES);
    }

    /** Eight rows by two vectors: for machines with 32 vector registers. */
    static void eightByTwo(float[] s, int sAt, float[] p, int count, float[] g, int gAt, int ldg) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c01 = FloatVector.fromArray(F, g, gAt + LANES);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldg);
        FloatVector c11 = FloatVector.fromArray(F, g, gAt + ldg + LANES);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldg);
        FloatVector c21 = FloatVector.fromArray(F, g, gAt + 2 * ldg + LANES);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldg);
        FloatVector c31 = FloatVector.fromArray(F, g, gAt + 3 * ldg + LANES);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldg);
        FloatVector c41 = FloatVector.fromArray(F, g, gAt + 4 * ldg + LANES);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldg);
        FloatVector c51 = FloatVector.fromArray(F, g, gAt + 5 * ldg + LANES);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldg);
        FloatVector c61 = FloatVector.fromArray(F, g, gAt + 6 * ldg + LANES);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldg);
        FloatVector c71 = FloatVector.fromArray(F, g, gAt + 7 * ldg + LANES);
        for (int k = 0; k < count; k++) {
            int to = k * (2 * LANES);
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            FloatVector b1 = FloatVector.fromArray(F, p, to + LANES);
            int at = sAt + k * BLOCK;
            FloatVector x = FloatVector.broadcast(F, s[at]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(F, s[at + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(F, s[at + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(F, s[at + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(F, s[at + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(F, s[at + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = FloatVector.broadcast(F, s[at + 6]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = FloatVector.broadcast(F, s[at + 7]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        c00.intoArray(g, gAt);
        c01.intoArray(g, gAt + LANES);
        c10.intoArray(g, gAt + ldg);
        c11.intoArray(g, gAt + ldg + LANES);
        c20.intoArray(g, gAt + 2 * ldg);
        c21.intoArray(g, gAt + 2 * ldg + LANES);
        c30.intoArray(g, gAt + 3 * ldg);
        c31.intoArray(g, gAt + 3 * ldg + LANES);
        c40.intoArray(g, gAt + 4 * ldg);
        c41.intoArray(g, gAt + 4 * ldg + LANES);
        c50.intoArray(g, gAt + 5 * ldg);
        c51.intoArray(g, gAt + 5 * ldg + LANES);
        c60.intoArray(g, gAt + 6 * ldg);
        c61.intoArray(g, gAt + 6 * ldg + LANES);
        c70.intoArray(g, gAt + 7 * ldg);
        c71.intoArray(g, gAt + 7 * ldg + LANES);
    }

    /**
     * Four rows by two vectors, for machines with 16 vector registers; all rows, as in {@link
     * GemmBlocks}.
     *
     * @param s packed [rows / 8, count, 8]
     * @param rows number of rows, a multiple of eight
     */
    static void fourByTwo(int rows, float[] s, float[] p, int count, float[] g, int gAt, int ldg) {
        for (int row = 0; row < rows; row += 4) {
            int sAt = row / BLOCK * BLOCK * count + row % BLOCK;
            int g0 = gAt + row * ldg;
            int g1 = gAt + (row + 1) * ldg;
            int g2 = gAt + (row + 2) * ldg;
            int g3 = gAt + (row + 3) * ldg;
            FloatVector c00 = FloatVector.fromArray(F, g, g0);
            FloatVector c01 = FloatVector.fromArray(F, g, g0 + LANES);
            FloatVector c10 = FloatVector.fromArray(F, g, g1);
            FloatVector c11 = FloatVector.fromArray(F, g, g1 + LANES);
            FloatVector c20 = FloatVector.fromArray(F, g, g2);
            FloatVector c21 = FloatVector.fromArray(F, g, g2 + LANES);
            FloatVector c30 = FloatVector.fromArray(F, g, g3);
            FloatVector c31 = FloatVector.fromArray(F, g, g3 + LANES);
            for (int k = 0; k < count; k++) {
                int to = k * (2 * LANES);
                FloatVector b0 = FloatVector.fromArray(F, p, to);
                FloatVector b1 = FloatVector.fromArray(F, p, to + LANES);
                int at = sAt + k * BLOCK;
                FloatVector x = FloatVector.broadcast(F, s[at]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(F, s[at + 1]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(F, s[at + 2]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(F, s[at + 3]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
            }
            c00.intoArray(g, g0);
            c01.intoArray(g, g0 + LANES);
            c10.intoArray(g, g1);
            c11.intoArray(g, g1 + LANES);
            c20.intoArray(g, g2);
            c21.intoArray(g, g2 + LANES);
            c30.intoArray(g, g3);
            c31.intoArray(g, g3 + LANES);
        }
    }

    /** Eight rows by one vector. */
    static void eightByOne(float[] s, int sAt, float[] p, int count, float[] g, int gAt, int ldg) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldg);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldg);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldg);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldg);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldg);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldg);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldg);
        for (int k = 0; k < count; k++) {
            int to = k * LANES;
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            int at = sAt + k * BLOCK;
            FloatVector x = FloatVector.broadcast(F, s[at]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(F, s[at + 1]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(F, s[at + 2]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(F, s[at + 3]);
            c30 = x.fma(b0, c30);
            x = FloatVector.broadcast(F, s[at + 4]);
            c40 = x.fma(b0, c40);
            x = FloatVector.broadcast(F, s[at + 5]);
            c50 = x.fma(b0, c50);
            x = FloatVector.broadcast(F, s[at + 6]);
            c60 = x.fma(b0, c60);
            x = FloatVector.broadcast(F, s[at + 7]);
            c70 = x.fma(b0, c70);
        }
        c00.intoArray(g, gAt);
        c10.intoArray(g, gAt + ldg);
        c20.intoArray(g, gAt + 2 * ldg);
        c30.intoArray(g, gAt + 3 * ldg);
        c40.intoArray(g, gAt + 4 * ldg);
        c50.intoArray(g, gAt + 5 * ldg);
        c60.intoArray(g, gAt + 6 * ldg);
        c70.intoArray(g, gAt + 7 * ldg);
    }
}
