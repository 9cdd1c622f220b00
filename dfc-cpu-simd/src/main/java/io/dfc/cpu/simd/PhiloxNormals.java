package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.D;
import static io.dfc.cpu.simd.Simd.DOUBLE_LANES;
import static io.dfc.cpu.simd.Simd.L;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Normal numbers from Philox 4x32-10, several counters at once; see {@link io.dfc.api.noise.Philox}
 * for the layout. One word to a 64-bit lane, so that its products fit. Not thread-safe.
 */
final class PhiloxNormals {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;
    private static final int ROUNDS = 10;
    private static final LongVector INDEX = LongVector.zero(L).addIndex(1);

    private final double[] even = new double[DOUBLE_LANES];
    private final double[] odd = new double[DOUBLE_LANES];
    private final long[] words = new long[4 * DOUBLE_LANES];

    /**
     * Writes the numbers of neurons 0 to {@code count - 1}.
     *
     * @param seed key
     * @param place counter word 1
     * @param step counter word 2
     * @param minibatch counter word 3
     * @param out receives the numbers
     * @param at first position written
     * @param count number of neurons
     */
    void fill(long seed, int place, int step, int minibatch, float[] out, int at, int count) {
        for (int block = 0; 4 * block < count; block += DOUBLE_LANES) {
            words(seed, block, place, step, minibatch);
            for (int pair = 0; pair < 2; pair++) {
                normals(2 * pair);
                for (int lane = 0; lane < DOUBLE_LANES; lane++) {
                    int neuron = 4 * (block + lane) + 2 * pair;
                    if (neuron < count) {
                        out[at + neuron] = (float) even[lane];
                    }
                    if (neuron + 1 < count) {
                        out[at + neuron + 1] = (float) odd[lane];
                    }
                }
            }
        }
    }

    /**
     * The words of consecutive counters: word {@code w} of lane {@code l} at {@code w * lanes + l}.
     */
    long[] words(long seed, int firstBlock, int place, int step, int minibatch) {
        LongVector x0 = INDEX.add((long) firstBlock);
        LongVector x1 = LongVector.broadcast(L, place & WORD);
        LongVector x2 = LongVector.broadcast(L, step & WORD);
        LongVector x3 = LongVector.broadcast(L, minibatch & WORD);
        int key0 = (int) seed;
        int key1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            LongVector p0 = x0.mul(M0);
            LongVector p1 = x2.mul(M1);
            x0 =
                    p1.lanewise(VectorOperators.LSHR, 32)
                            .lanewise(VectorOperators.XOR, x1)
                            .lanewise(VectorOperators.XOR, key0 & WORD);
            x2 =
                    p0.lanewise(VectorOperators.LSHR, 32)
                            .lanewise(VectorOperators.XOR, x3)
                            .lanewise(VectorOperators.XOR, key1 & WORD);
            x1 = p1.and(WORD);
            x3 = p0.and(WORD);
            key0 += W0;
            key1 += W1;
        }
        x0.intoArray(words, 0);
        x1.intoArray(words, DOUBLE_LANES);
        x2.intoArray(words, 2 * DOUBLE_LANES);
        x3.intoArray(words, 3 * DOUBLE_LANES);
        return words;
    }

    /** Box and Muller's pair of normal numbers from two words. */
    private void normals(int word) {
        DoubleVector a = open(word);
        DoubleVector b = open(word + 1);
        DoubleVector radius =
                a.lanewise(VectorOperators.LOG).mul(-2).lanewise(VectorOperators.SQRT);
        DoubleVector angle = b.mul(2 * Math.PI);
        radius.mul(angle.lanewise(VectorOperators.COS)).intoArray(even, 0);
        radius.mul(angle.lanewise(VectorOperators.SIN)).intoArray(odd, 0);
    }

    private DoubleVector open(int word) {
        LongVector x = LongVector.fromArray(L, words, word * DOUBLE_LANES);
        DoubleVector d = (DoubleVector) x.convertShape(VectorOperators.L2D, D, 0);
        return d.add(0.5).mul(0x1p-32);
    }
}
