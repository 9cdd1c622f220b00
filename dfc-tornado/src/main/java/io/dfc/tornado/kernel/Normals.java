package io.dfc.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Philox 4x32-10 and Box and Muller's normal numbers, as {@link io.dfc.api.noise.Philox} says. */
final class Normals {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;
    private static final float TURN = (float) (2 * Math.PI / 4294967296.0);

    private Normals() {}

    /** Word {@code pick} of a block. */
    static int word(int c0, int c1, int c2, int c3, int k0, int k1, int pick) {
        int x0 = c0;
        int x1 = c1;
        int x2 = c2;
        int x3 = c3;
        int key0 = k0;
        int key1 = k1;
        for (int round = 0; round < 10; round++) {
            // The upper words lose what a signed shift would bring in, as some drivers have no
            // other.
            long p0 = (M0 & LOW) * (x0 & LOW);
            long p1 = (M1 & LOW) * (x2 & LOW);
            int y0 = (int) ((p1 >> 32) & LOW) ^ x1 ^ key0;
            int y2 = (int) ((p0 >> 32) & LOW) ^ x3 ^ key1;
            x1 = (int) (p1 & LOW);
            x3 = (int) (p0 & LOW);
            x0 = y0;
            x2 = y2;
            key0 += W0;
            key1 += W1;
        }
        int out = x0;
        if (pick == 1) {
            out = x1;
        } else if (pick == 2) {
            out = x2;
        } else if (pick == 3) {
            out = x3;
        }
        return out;
    }

    /** {@code sqrt(-2 ln a)} with {@code a = (x + 1/2) / 2^32}, the word taken as unsigned. */
    static float radius(int word) {
        float x = (float) word + 0.5f;
        float w = TornadoMath.abs(x) * 0x1p-32f;
        float log;
        if (word < 0 && w < 0.29289323f) {
            // The upper half: the complement is exact, and the logarithm small.
            float s = -w;
            float z = s * s;
            float p = 0.070376836f;
            p = p * s + -0.1151461f;
            p = p * s + 0.11676999f;
            p = p * s + -0.12420141f;
            p = p * s + 0.14249323f;
            p = p * s + -0.16668057f;
            p = p * s + 0.20000716f;
            p = p * s + -0.24999994f;
            p = p * s + 0.3333333f;
            log = p * s * z - 0.5f * z + s;
        } else {
            log = TornadoMath.log(word < 0 ? 1f - w : w);
        }
        return TornadoMath.sqrt(-2f * log);
    }

    /** Cosine, or sine, of {@code 2 pi (x + 1/2) / 2^32}. */
    static float trigonometric(int word, int sine) {
        int quarter = ((word + (1 << 29)) >> 30) & 3;
        int rest = word - (quarter << 30);
        float angle = ((float) rest + 0.5f) * TURN;
        float z = angle * angle;
        int odd = (quarter + sine) & 1;
        float out;
        if (odd == 1) {
            float p = -1.9515296e-4f;
            p = p * z + 0.008332161f;
            p = p * z + -0.16666655f;
            out = p * z * angle + angle;
        } else {
            float p = 2.4433157e-5f;
            p = p * z + -0.0013887316f;
            p = p * z + 0.041666646f;
            out = p * z * z + (1f - 0.5f * z);
        }
        // Cosine falls through the quarters as cos, -sin, -cos, sin; sine as sin, cos, -sin, -cos.
        int negative = sine == 1 ? quarter >> 1 : ((quarter + 1) >> 1) & 1;
        return negative == 1 ? -out : out;
    }

    /** The standard normal number of a neuron. */
    static float normal(int neuron, int place, int step, int minibatch, int seedLow, int seedHigh) {
        int pair = neuron & 2;
        int block = neuron / 4;
        int a = word(block, place, step, minibatch, seedLow, seedHigh, pair);
        int b = word(block, place, step, minibatch, seedLow, seedHigh, pair + 1);
        return radius(a) * trigonometric(b, neuron & 1);
    }
}
