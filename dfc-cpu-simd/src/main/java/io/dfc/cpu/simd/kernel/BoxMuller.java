package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.I;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Box and Muller's pairs of normal numbers from pairs of 32-bit words, as {@link
 * io.dfc.api.noise.Philox} defines them. Polynomials and not the Vector API's operators, whose last
 * bit depends on whether the method has been compiled yet.
 *
 * <p>Beyond a size the compiler inlines no more helpers and puts the vectors that they take into
 * objects, so there are none here, and each step goes through arrays: many vectors at a time, since
 * the operations of one wait for each other.
 */
final class BoxMuller {
    private static final float TURN = (float) (2 * Math.PI / 4294967296.0);

    /** Bits of sqrt(1/2). */
    private static final int ROOT_HALF = 0x3F3504F3;

    private static final int MINUS_ONE = Float.floatToRawIntBits(-1f);

    private BoxMuller() {}

    /**
     * Writes {@code s} and {@code e} with {@code (x + 1/2) / 2^32 = (1 + s) 2^e} for unsigned words
     * {@code x}. Above one half the complement is exact, so that no digits are lost where the
     * logarithm is small.
     *
     * @param out receives a vector of {@code s}, one of {@code e}, and so on
     * @param n number of words, a multiple of the lanes
     */
    static void reduce(int[] words, int at, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            IntVector word = IntVector.fromArray(I, words, at + i);
            FloatVector x = (FloatVector) word.convert(VectorOperators.I2F, 0);
            // Taken as signed, the words of the upper half are negative and x + 1/2 is the
            // complement.
            IntVector upper = x.reinterpretAsInts().lanewise(VectorOperators.ASHR, Rates.SIGN);
            FloatVector w = x.add(0.5f).abs().mul(0x1p-32f);
            // Lower half: a power of two times a number around 1.
            IntVector bits = w.reinterpretAsInts().sub(ROOT_HALF);
            IntVector power = bits.lanewise(VectorOperators.ASHR, 23);
            FloatVector exponent = (FloatVector) power.convert(VectorOperators.I2F, 0);
            FloatVector below = bits.and(0x7FFFFF).add(ROOT_HALF).reinterpretAsFloats().sub(1f);
            // Upper half: 1 - w, or half of 2 - 2 w.
            IntVector middle =
                    w.neg()
                            .add(0.29289323f)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.ASHR, Rates.SIGN);
            IntVector whole = w.neg().reinterpretAsInts();
            IntVector above =
                    w.mul(-2f)
                            .add(1f)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.XOR, whole)
                            .and(middle)
                            .lanewise(VectorOperators.XOR, whole);
            IntVector lower = below.reinterpretAsInts();
            above.lanewise(VectorOperators.XOR, lower)
                    .and(upper)
                    .lanewise(VectorOperators.XOR, lower)
                    .reinterpretAsFloats()
                    .intoArray(out, 2 * i);
            IntVector plain = exponent.reinterpretAsInts();
            middle.and(MINUS_ONE)
                    .lanewise(VectorOperators.XOR, plain)
                    .and(upper)
                    .lanewise(VectorOperators.XOR, plain)
                    .reinterpretAsFloats()
                    .intoArray(out, 2 * i + LANES);
        }
    }

    /**
     * Writes {@code sqrt(-2 ln a)}; minimax polynomial as in the Cephes library.
     *
     * @param reduced what {@link #reduce} has written
     * @param n number of words, a multiple of the lanes
     */
    static void radii(float[] reduced, float[] out, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector s = FloatVector.fromArray(F, reduced, 2 * i);
            FloatVector e = FloatVector.fromArray(F, reduced, 2 * i + LANES);
            FloatVector z = s.mul(s);
            // Pairs of terms first: one after the other they would wait for each other.
            FloatVector z2 = z.mul(z);
            FloatVector p0 = s.fma(broadcast(F, -0.24999994f), broadcast(F, 0.3333333f));
            FloatVector p2 = s.fma(broadcast(F, -0.16668057f), broadcast(F, 0.20000716f));
            FloatVector p4 = s.fma(broadcast(F, -0.12420141f), broadcast(F, 0.14249323f));
            FloatVector p6 = s.fma(broadcast(F, -0.1151461f), broadcast(F, 0.11676999f));
            FloatVector low = p2.fma(z, p0);
            FloatVector high = z2.fma(broadcast(F, 0.070376836f), p6.fma(z, p4));
            FloatVector p = high.fma(z2, low);
            FloatVector tail = p.mul(s).fma(z, e.mul(-2.1219444e-4f));
            FloatVector sum = z.fma(broadcast(F, -0.5f), tail).add(s);
            FloatVector log = e.fma(broadcast(F, 0.6933594f), sum);
            log.mul(-2f).lanewise(VectorOperators.SQRT).intoArray(out, i);
        }
    }

    /**
     * Writes {@code radius cos(2 pi b)} and {@code radius sin(2 pi b)} of words; minimax
     * polynomials as in the Cephes library.
     *
     * @param n number of words, a multiple of the lanes
     */
    static void pairs(
            int[] words,
            int at,
            float[] radii,
            int radiiAt,
            float[] out,
            int cosAt,
            int sinAt,
            int n) {
        for (int i = 0; i < n; i += LANES) {
            IntVector y = IntVector.fromArray(I, words, at + i);
            FloatVector radius = FloatVector.fromArray(F, radii, radiiAt + i);
            // The angle as a quarter turn and a remainder of at most an eighth of a turn; as a
            // signed number the word gives the same angle less a whole turn.
            IntVector quarter = y.add(1 << 29).lanewise(VectorOperators.ASHR, 30);
            IntVector rest = y.sub(quarter.lanewise(VectorOperators.LSHL, 30));
            FloatVector angle =
                    ((FloatVector) rest.convert(VectorOperators.I2F, 0)).add(0.5f).mul(TURN);
            FloatVector z = angle.mul(angle);
            FloatVector p = broadcast(F, -1.9515296e-4f);
            p = p.fma(z, broadcast(F, 0.008332161f));
            p = p.fma(z, broadcast(F, -0.16666655f));
            IntVector sin = p.mul(z).fma(angle, angle).reinterpretAsInts();
            FloatVector q = broadcast(F, 2.4433157e-5f);
            q = q.fma(z, broadcast(F, -0.0013887316f));
            q = q.fma(z, broadcast(F, 0.041666646f));
            FloatVector head = z.fma(broadcast(F, -0.5f), broadcast(F, 1f));
            IntVector cos = q.fma(z.mul(z), head).reinterpretAsInts();
            // In every other quarter sine and cosine change places.
            IntVector swapped = quarter.and(1).neg();
            IntVector exchange = cos.lanewise(VectorOperators.XOR, sin).and(swapped);
            IntVector cosSign = quarter.add(1).and(2).lanewise(VectorOperators.LSHL, 30);
            IntVector sinSign = quarter.and(2).lanewise(VectorOperators.LSHL, 30);
            radius.mul(
                            cos.lanewise(VectorOperators.XOR, exchange)
                                    .lanewise(VectorOperators.XOR, cosSign)
                                    .reinterpretAsFloats())
                    .intoArray(out, cosAt + i);
            radius.mul(
                            sin.lanewise(VectorOperators.XOR, exchange)
                                    .lanewise(VectorOperators.XOR, sinSign)
                                    .reinterpretAsFloats())
                    .intoArray(out, sinAt + i);
        }
    }
}
