package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.D;
import static io.dfc.cpu.simd.Simd.DOUBLE_LANES;
import static io.dfc.cpu.simd.Simd.L;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
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
    private static final int MANTISSA_BITS = 52;
    private static final long EXPONENT_BIAS = 1023;

    /** Adding and subtracting it rounds a small number to a whole one. */
    private static final double ROUND = 0x1.8p52;

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

    /**
     * Box and Muller's pair of normal numbers from two words. Polynomials and not the Vector API's
     * operators, whose last bit depends on whether the method has been compiled yet.
     */
    private void normals(int word) {
        DoubleVector radius = log(open(word)).mul(-2).lanewise(VectorOperators.SQRT);
        // The angle as a quarter turn and a remainder of at most an eighth of a turn.
        DoubleVector turns = open(word + 1).mul(4);
        DoubleVector quarter = turns.add(ROUND).sub(ROUND);
        DoubleVector x = turns.sub(quarter).mul(Math.PI / 2);
        DoubleVector q = x.mul(x);
        DoubleVector sin = sine(q).mul(q).fma(x, x);
        DoubleVector cos = cosine(q).fma(q, DoubleVector.broadcast(D, 1));
        VectorMask<Double> first = quarter.eq(1);
        VectorMask<Double> second = quarter.eq(2);
        VectorMask<Double> third = quarter.eq(3);
        VectorMask<Double> odd = first.or(third);
        DoubleVector c = cos.blend(sin, odd);
        DoubleVector s = sin.blend(cos, odd);
        radius.mul(c.blend(c.neg(), first.or(second))).intoArray(this.even, 0);
        radius.mul(s.blend(s.neg(), second.or(third))).intoArray(this.odd, 0);
    }

    /** Natural logarithm of normal numbers, within 1e-13 of the result. */
    private static DoubleVector log(DoubleVector v) {
        LongVector bits = v.reinterpretAsLongs();
        LongVector exponent = bits.lanewise(VectorOperators.LSHR, MANTISSA_BITS).sub(EXPONENT_BIAS);
        DoubleVector m =
                bits.and((1L << MANTISSA_BITS) - 1)
                        .lanewise(VectorOperators.OR, EXPONENT_BIAS << MANTISSA_BITS)
                        .reinterpretAsDoubles();
        DoubleVector e = (DoubleVector) exponent.convertShape(VectorOperators.L2D, D, 0);
        VectorMask<Double> large = m.lt(Math.sqrt(2)).not();
        m = m.blend(m.mul(0.5), large);
        e = e.blend(e.add(1), large);
        DoubleVector s = m.sub(1).div(m.add(1));
        DoubleVector q = s.mul(s);
        DoubleVector atanh = inverseTangent(q).mul(s);
        return e.fma(DoubleVector.broadcast(D, Math.log(2)), atanh);
    }

    /** {@code (sin x - x) / x^3} in {@code q = x^2}, by its Taylor series. */
    private static DoubleVector sine(DoubleVector q) {
        return q.mul(1.0 / 6227020800.0)
                .sub(1.0 / 39916800.0)
                .fma(q, constant(1.0 / 362880.0))
                .fma(q, constant(-1.0 / 5040.0))
                .fma(q, constant(1.0 / 120.0))
                .fma(q, constant(-1.0 / 6.0));
    }

    /** {@code (cos x - 1) / x^2} in {@code q = x^2}, by its Taylor series. */
    private static DoubleVector cosine(DoubleVector q) {
        return q.mul(-1.0 / 87178291200.0)
                .add(1.0 / 479001600.0)
                .fma(q, constant(-1.0 / 3628800.0))
                .fma(q, constant(1.0 / 40320.0))
                .fma(q, constant(-1.0 / 720.0))
                .fma(q, constant(1.0 / 24.0))
                .fma(q, constant(-0.5));
    }

    /** {@code 2 atanh(s) / s} in {@code q = s^2}, by its Taylor series. */
    private static DoubleVector inverseTangent(DoubleVector q) {
        return q.mul(2.0 / 17)
                .add(2.0 / 15)
                .fma(q, constant(2.0 / 13))
                .fma(q, constant(2.0 / 11))
                .fma(q, constant(2.0 / 9))
                .fma(q, constant(2.0 / 7))
                .fma(q, constant(2.0 / 5))
                .fma(q, constant(2.0 / 3))
                .fma(q, constant(2.0));
    }

    private static DoubleVector constant(double value) {
        return DoubleVector.broadcast(D, value);
    }

    private DoubleVector open(int word) {
        LongVector x = LongVector.fromArray(L, words, word * DOUBLE_LANES);
        DoubleVector d = (DoubleVector) x.convertShape(VectorOperators.L2D, D, 0);
        return d.add(0.5).mul(0x1p-32);
    }
}
