package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.BLOCK;
import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/** Sums of outer products on register blocks. */
final class OuterKernel {
    /** Rows summed over at once: what they bring of both factors stays in the first-level cache. */
    private static final int DEPTH = 128;

    private static final int THREE = 3;

    private OuterKernel() {}

    /**
     * {@code g += s^T p}: sums the outer products of some rows.
     *
     * @param s [count, n] from {@code sAt} on, rows {@code lds} apart
     * @param p [count, m] from {@code pAt} on, rows {@code ldp} apart
     * @param count number of rows summed over
     * @param fromRow first row of {@code g}, a multiple of eight
     * @param toRow end of the rows of {@code g}, a multiple of eight
     * @param columns number of columns of {@code g}, at most {@code ldp}; written up to the next
     *     multiple of the vector's length
     * @param g [n, m] from {@code gAt} on, rows {@code ldp} apart
     */
    static void add(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            int fromRow,
            int toRow,
            int columns,
            float[] g,
            int gAt) {
        int total = (columns + LANES - 1) / LANES;
        for (int k = 0; k < count; k += DEPTH) {
            int depth = Math.min(DEPTH, count - k);
            int vectors;
            for (int v = 0; v < total; v += vectors) {
                vectors = panelVectors(total - v);
                int from = pAt + k * ldp + v * LANES;
                for (int row = fromRow; row < toRow; row += BLOCK) {
                    int at = sAt + k * lds + row;
                    int to = gAt + row * ldp + v * LANES;
                    switch (vectors) {
                        case THREE -> eightByThree(s, at, lds, p, from, ldp, depth, g, to);
                        case 2 -> eightByTwo(s, at, lds, p, from, ldp, depth, g, to);
                        default -> eightByOne(s, at, lds, p, from, ldp, depth, g, to);
                    }
                }
            }
        }
    }

    /** Three, unless that would leave a single one. */
    private static int panelVectors(int remaining) {
        return remaining == THREE || remaining > THREE + 1 ? THREE : Math.min(remaining, 2);
    }

    /** Eight rows by three vectors. */
    private static void eightByThree(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            float[] g,
            int gAt) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c01 = FloatVector.fromArray(F, g, gAt + LANES);
        FloatVector c02 = FloatVector.fromArray(F, g, gAt + 2 * LANES);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldp);
        FloatVector c11 = FloatVector.fromArray(F, g, gAt + ldp + LANES);
        FloatVector c12 = FloatVector.fromArray(F, g, gAt + ldp + 2 * LANES);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldp);
        FloatVector c21 = FloatVector.fromArray(F, g, gAt + 2 * ldp + LANES);
        FloatVector c22 = FloatVector.fromArray(F, g, gAt + 2 * ldp + 2 * LANES);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldp);
        FloatVector c31 = FloatVector.fromArray(F, g, gAt + 3 * ldp + LANES);
        FloatVector c32 = FloatVector.fromArray(F, g, gAt + 3 * ldp + 2 * LANES);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldp);
        FloatVector c41 = FloatVector.fromArray(F, g, gAt + 4 * ldp + LANES);
        FloatVector c42 = FloatVector.fromArray(F, g, gAt + 4 * ldp + 2 * LANES);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldp);
        FloatVector c51 = FloatVector.fromArray(F, g, gAt + 5 * ldp + LANES);
        FloatVector c52 = FloatVector.fromArray(F, g, gAt + 5 * ldp + 2 * LANES);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldp);
        FloatVector c61 = FloatVector.fromArray(F, g, gAt + 6 * ldp + LANES);
        FloatVector c62 = FloatVector.fromArray(F, g, gAt + 6 * ldp + 2 * LANES);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldp);
        FloatVector c71 = FloatVector.fromArray(F, g, gAt + 7 * ldp + LANES);
        FloatVector c72 = FloatVector.fromArray(F, g, gAt + 7 * ldp + 2 * LANES);
        for (int k = 0; k < count; k++) {
            int to = pAt + k * ldp;
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            FloatVector b1 = FloatVector.fromArray(F, p, to + LANES);
            FloatVector b2 = FloatVector.fromArray(F, p, to + 2 * LANES);
            int at = sAt + k * lds;
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
        c10.intoArray(g, gAt + ldp);
        c11.intoArray(g, gAt + ldp + LANES);
        c12.intoArray(g, gAt + ldp + 2 * LANES);
        c20.intoArray(g, gAt + 2 * ldp);
        c21.intoArray(g, gAt + 2 * ldp + LANES);
        c22.intoArray(g, gAt + 2 * ldp + 2 * LANES);
        c30.intoArray(g, gAt + 3 * ldp);
        c31.intoArray(g, gAt + 3 * ldp + LANES);
        c32.intoArray(g, gAt + 3 * ldp + 2 * LANES);
        c40.intoArray(g, gAt + 4 * ldp);
        c41.intoArray(g, gAt + 4 * ldp + LANES);
        c42.intoArray(g, gAt + 4 * ldp + 2 * LANES);
        c50.intoArray(g, gAt + 5 * ldp);
        c51.intoArray(g, gAt + 5 * ldp + LANES);
        c52.intoArray(g, gAt + 5 * ldp + 2 * LANES);
        c60.intoArray(g, gAt + 6 * ldp);
        c61.intoArray(g, gAt + 6 * ldp + LANES);
        c62.intoArray(g, gAt + 6 * ldp + 2 * LANES);
        c70.intoArray(g, gAt + 7 * ldp);
        c71.intoArray(g, gAt + 7 * ldp + LANES);
        c72.intoArray(g, gAt + 7 * ldp + 2 * LANES);
    }

    /** Eight rows by two vectors. */
    private static void eightByTwo(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            float[] g,
            int gAt) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c01 = FloatVector.fromArray(F, g, gAt + LANES);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldp);
        FloatVector c11 = FloatVector.fromArray(F, g, gAt + ldp + LANES);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldp);
        FloatVector c21 = FloatVector.fromArray(F, g, gAt + 2 * ldp + LANES);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldp);
        FloatVector c31 = FloatVector.fromArray(F, g, gAt + 3 * ldp + LANES);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldp);
        FloatVector c41 = FloatVector.fromArray(F, g, gAt + 4 * ldp + LANES);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldp);
        FloatVector c51 = FloatVector.fromArray(F, g, gAt + 5 * ldp + LANES);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldp);
        FloatVector c61 = FloatVector.fromArray(F, g, gAt + 6 * ldp + LANES);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldp);
        FloatVector c71 = FloatVector.fromArray(F, g, gAt + 7 * ldp + LANES);
        for (int k = 0; k < count; k++) {
            int to = pAt + k * ldp;
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            FloatVector b1 = FloatVector.fromArray(F, p, to + LANES);
            int at = sAt + k * lds;
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
        c10.intoArray(g, gAt + ldp);
        c11.intoArray(g, gAt + ldp + LANES);
        c20.intoArray(g, gAt + 2 * ldp);
        c21.intoArray(g, gAt + 2 * ldp + LANES);
        c30.intoArray(g, gAt + 3 * ldp);
        c31.intoArray(g, gAt + 3 * ldp + LANES);
        c40.intoArray(g, gAt + 4 * ldp);
        c41.intoArray(g, gAt + 4 * ldp + LANES);
        c50.intoArray(g, gAt + 5 * ldp);
        c51.intoArray(g, gAt + 5 * ldp + LANES);
        c60.intoArray(g, gAt + 6 * ldp);
        c61.intoArray(g, gAt + 6 * ldp + LANES);
        c70.intoArray(g, gAt + 7 * ldp);
        c71.intoArray(g, gAt + 7 * ldp + LANES);
    }

    /** Eight rows by one vector. */
    private static void eightByOne(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            float[] g,
            int gAt) {
        FloatVector c00 = FloatVector.fromArray(F, g, gAt);
        FloatVector c10 = FloatVector.fromArray(F, g, gAt + ldp);
        FloatVector c20 = FloatVector.fromArray(F, g, gAt + 2 * ldp);
        FloatVector c30 = FloatVector.fromArray(F, g, gAt + 3 * ldp);
        FloatVector c40 = FloatVector.fromArray(F, g, gAt + 4 * ldp);
        FloatVector c50 = FloatVector.fromArray(F, g, gAt + 5 * ldp);
        FloatVector c60 = FloatVector.fromArray(F, g, gAt + 6 * ldp);
        FloatVector c70 = FloatVector.fromArray(F, g, gAt + 7 * ldp);
        for (int k = 0; k < count; k++) {
            int to = pAt + k * ldp;
            FloatVector b0 = FloatVector.fromArray(F, p, to);
            int at = sAt + k * lds;
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
        c10.intoArray(g, gAt + ldp);
        c20.intoArray(g, gAt + 2 * ldp);
        c30.intoArray(g, gAt + 3 * ldp);
        c40.intoArray(g, gAt + 4 * ldp);
        c50.intoArray(g, gAt + 5 * ldp);
        c60.intoArray(g, gAt + 6 * ldp);
        c70.intoArray(g, gAt + 7 * ldp);
    }
}
