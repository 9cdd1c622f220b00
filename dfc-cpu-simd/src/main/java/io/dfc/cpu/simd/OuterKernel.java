package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.BLOCK;
import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.LANES;

import io.dfc.api.network.Network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of outer products on register blocks. Both factors are copied to where the blocks read them
 * from front to back: it costs one copy for as many multiply-adds as the other factor has columns.
 * Not thread-safe.
 */
final class OuterKernel {
    private static final int THREE = 3;

    /** Whether sums of 24 vectors fit into registers. */
    private static final boolean MANY_REGISTERS = LANES >= 16;

    /** Rows summed over at once: what they bring of both factors stays in the first-level cache. */
    private static final int DEPTH = MANY_REGISTERS ? 128 : 256;

    /** Vectors that a block is copied by. */
    private static final VectorSpecies<Float> PART =
            LANES > BLOCK ? FloatVector.SPECIES_256 : Simd.F;

    /** Columns of the left factor, eight to a block: [rows / 8, depth, 8]. */
    private final float[] left;

    private final float[] panel = new float[DEPTH * (MANY_REGISTERS ? THREE : 2) * LANES];

    /**
     * A kernel with its working memory.
     *
     * @param rows largest number of rows of the sum, a multiple of eight
     */
    OuterKernel(int rows) {
        left = new float[Math.multiplyExact(DEPTH, rows)];
    }

    /** A kernel for sums that have a row for every neuron of any layer. */
    static OuterKernel of(Network network) {
        int widest = 0;
        for (int i = 0; i < network.depth(); i++) {
            widest = Math.max(widest, network.size(i));
        }
        return new OuterKernel(Simd.roundUp(widest, BLOCK));
    }

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
    void add(
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
            packLeft(s, sAt + k * lds + fromRow, lds, depth, toRow - fromRow);
            int vectors;
            for (int v = 0; v < total; v += vectors) {
                vectors = panelVectors(total - v);
                packPanel(p, pAt + k * ldp + v * LANES, ldp, depth, vectors);
                int to = gAt + fromRow * ldp + v * LANES;
                strip(vectors, toRow - fromRow, depth, g, to, ldp);
            }
        }
    }

    private void packLeft(float[] s, int sAt, int lds, int depth, int rows) {
        for (int row = 0; row < rows; row += BLOCK) {
            int to = row * depth;
            for (int k = 0; k < depth; k++) {
                for (int c = 0; c < BLOCK; c += PART.length()) {
                    FloatVector.fromArray(PART, s, sAt + k * lds + row + c)
                            .intoArray(left, to + k * BLOCK + c);
                }
            }
        }
    }

    private void packPanel(float[] p, int pAt, int ldp, int depth, int vectors) {
        int width = vectors * LANES;
        for (int k = 0; k < depth; k++) {
            for (int c = 0; c < width; c += LANES) {
                FloatVector.fromArray(F, p, pAt + k * ldp + c).intoArray(panel, k * width + c);
            }
        }
    }

    /** Three where there are registers for it, unless that would leave a single one. */
    private static int panelVectors(int remaining) {
        boolean three = remaining == THREE || remaining > THREE + 1;
        return MANY_REGISTERS && three ? THREE : Math.min(remaining, 2);
    }

    /** Adds to all rows of the columns of a panel. */
    private void strip(int vectors, int rows, int count, float[] g, int gAt, int ldg) {
        if (vectors == 2 && !MANY_REGISTERS) {
            OuterBlocks.fourByTwo(rows, left, panel, count, g, gAt, ldg);
            return;
        }
        for (int row = 0; row < rows; row += BLOCK) {
            int at = row * count;
            int to = gAt + row * ldg;
            switch (vectors) {
                case THREE -> OuterBlocks.eightByThree(left, at, panel, count, g, to, ldg);
                case 2 -> OuterBlocks.eightByTwo(left, at, panel, count, g, to, ldg);
                default -> OuterBlocks.eightByOne(left, at, panel, count, g, to, ldg);
            }
        }
    }
}
