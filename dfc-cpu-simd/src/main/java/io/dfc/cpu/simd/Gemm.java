package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.BLOCK;
import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;
import static io.dfc.cpu.simd.Simd.PANEL;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix products on register blocks of eight rows by two vectors: sixteen independent accumulators
 * hide the latency of the fused multiply-add, and ten loads feed sixteen of them.
 */
final class Gemm {
    private Gemm() {}

    /**
     * {@code c = a * b} for a block of rows.
     *
     * @param a row-major [rows, inner] from {@code aAt} on, rows {@code lda} apart
     * @param rows number of rows, a multiple of eight
     * @param b packed [inner, columns]
     * @param c [rows, columns] from {@code cAt} on, rows {@code ldc} apart; columns are written up
     *     to the padding
     */
    static void multiply(
            float[] a, int aAt, int lda, int rows, PackedMatrix b, float[] c, int cAt, int ldc) {
        for (int p = 0; p < b.panels; p++) {
            int bAt = p * b.inner * PANEL;
            for (int r = 0; r < rows; r += BLOCK) {
                multiplyBlock(
                        a,
                        aAt + r * lda,
                        lda,
                        b.data,
                        bAt,
                        b.inner,
                        c,
                        cAt + r * ldc + p * PANEL,
                        ldc);
            }
        }
    }

    private static void multiplyBlock(
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
            FloatVector b0 = FloatVector.fromArray(F, b, bAt + k * PANEL);
            FloatVector b1 = FloatVector.fromArray(F, b, bAt + k * PANEL + LANES);
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
        store(c00, c01, c, cAt);
        store(c10, c11, c, cAt + ldc);
        store(c20, c21, c, cAt + 2 * ldc);
        store(c30, c31, c, cAt + 3 * ldc);
        store(c40, c41, c, cAt + 4 * ldc);
        store(c50, c51, c, cAt + 5 * ldc);
        store(c60, c61, c, cAt + 6 * ldc);
        store(c70, c71, c, cAt + 7 * ldc);
    }

    private static void store(FloatVector x0, FloatVector x1, float[] c, int at) {
        x0.intoArray(c, at);
        x1.intoArray(c, at + LANES);
    }

    /**
     * {@code g += s^T p}: sums the outer products of some rows.
     *
     * @param s [count, n] from {@code sAt} on, rows {@code lds} apart
     * @param p [count, m] from {@code pAt} on, rows {@code ldp} apart
     * @param count number of rows summed over
     * @param fromRow first row of {@code g}, a multiple of eight
     * @param toRow end of the rows of {@code g}, a multiple of eight, at most {@code lds}
     * @param g [n, m], rows {@code ldp} apart
     */
    static void addOuter(
            float[] s,
            int sAt,
            int lds,
            float[] p,
            int pAt,
            int ldp,
            int count,
            int fromRow,
            int toRow,
            float[] g) {
        for (int column = 0; column < ldp; column += PANEL) {
            for (int row = fromRow; row < toRow; row += BLOCK) {
                addOuterBlock(
                        s, sAt + row, lds, p, pAt + column, ldp, count, g, row * ldp + column);
            }
        }
    }

    private static void addOuterBlock(
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
            FloatVector b0 = FloatVector.fromArray(F, p, pAt + k * ldp);
            FloatVector b1 = FloatVector.fromArray(F, p, pAt + k * ldp + LANES);
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
        store(c00, c01, g, gAt);
        store(c10, c11, g, gAt + ldp);
        store(c20, c21, g, gAt + 2 * ldp);
        store(c30, c31, g, gAt + 3 * ldp);
        store(c40, c41, g, gAt + 4 * ldp);
        store(c50, c51, g, gAt + 5 * ldp);
        store(c60, c61, g, gAt + 6 * ldp);
        store(c70, c71, g, gAt + 7 * ldp);
    }
}
