package io.dfc.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Weights of 16 bits, two to a word, as {@link io.dfc.api.plan.Precision#BFLOAT16} rounds them.
 *
 * <p>TornadoVM does not compile the methods of {@link Float} that look at bits. A table of powers
 * of two, by sign and exponent, takes their place: products with them are exact.
 */
public final class Bfloat16 {
    /** Length of the table of powers. */
    public static final int POWERS = 512;

    /**
     * Smallest exponent that is represented: its power, and the inverse of that, are in the table.
     * Weights below 2^-113 become 0.
     */
    private static final int MIN_EXPONENT = 14;

    private static final int MAX_EXPONENT = 254;

    /** Sum of the exponents of a power and of its inverse. */
    private static final int INVERSE = 268;

    /** Smallest significand of 8 bits, that of the implicit bit alone. */
    private static final int IMPLICIT_BIT = 128;

    private Bfloat16() {}

    /** Number of words that hold a number of weights. */
    public static int words(int weights) {
        return (weights + 1) / 2;
    }

    /**
     * An entry of the table of powers.
     *
     * @param code the upper 9 of a number's 16 bits
     * @return what the number's significand, from 128 to 255, is to be multiplied by
     */
    public static float power(int code) {
        int exponent = code & 255;
        float size = exponent < MIN_EXPONENT ? 0 : (float) Math.pow(2, exponent - INVERSE / 2);
        float finite = code > 255 ? -size : size;
        return exponent > MAX_EXPONENT ? finite * Float.POSITIVE_INFINITY : finite;
    }

    /**
     * The 16 bits of the number that is nearest to a weight, the even one of two; of infinity for
     * what is undefined.
     *
     * @param powers where the table begins
     */
    static int code(FloatArray k, int powers, float weight) {
        float size = TornadoMath.abs(weight);
        int exponent = 0;
        for (int half = IMPLICIT_BIT; half > 0; half = half / 2) {
            float least = k.get(powers + exponent + half) * IMPLICIT_BIT;
            exponent += least > size ? 0 : half;
        }
        int finite = TornadoMath.min(TornadoMath.max(exponent, MIN_EXPONENT), MAX_EXPONENT);
        int bits = (int) (size * k.get(powers + INVERSE - finite) * 65536f);
        int nearest = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        int significand = exponent > MAX_EXPONENT ? IMPLICIT_BIT : nearest;
        int nonzero = exponent < MIN_EXPONENT ? 0 : 1;
        int sign = weight < 0f ? 0x8000 : 0;
        return nonzero * ((exponent - 1) * IMPLICIT_BIT + significand) + sign;
    }

    /** The number in the lower 16 bits of a word. */
    static float value(FloatArray k, int powers, int word) {
        return k.get(powers + ((word >> 7) & 511)) * (float) ((word & 127) + IMPLICIT_BIT);
    }

    /**
     * A weight of a neuron, from packed words or from memory. A kernel is compiled for one of the
     * two, so that the other branch is left out.
     *
     * @param start where the neuron's weights begin
     * @param x the input
     * @param apart how far neighbouring weights, or words of weights, are apart
     */
    static float weight(
            FloatArray m,
            IntArray words,
            FloatArray k,
            int powers,
            int start,
            int x,
            int apart,
            int packed) {
        float weight;
        if (packed == 1) {
            int word = words.get(start + (x >> 1) * apart);
            weight = value(k, powers, word >> ((x & 1) << 4));
        } else {
            weight = m.get(start + x * apart);
        }
        return weight;
    }
}
