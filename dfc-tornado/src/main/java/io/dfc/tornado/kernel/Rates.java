package io.dfc.tornado.kernel;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Activation functions of one voltage, and the postsynaptic factors that rules make of it. */
final class Rates {
    /** Beyond it tanh is 1 to the last bit of float32. */
    private static final float TANH_LIMIT = 7.905311f;

    /** Below this denominator the identity for the difference of two tanh cancels. */
    private static final float CANCELLATION = 0.25f;

    private Rates() {}

    /**
     * tanh as a rational function (minimax coefficients as in the Eigen library): the one of some
     * drivers is an approximation.
     */
    static float tanh(float v) {
        float x = TornadoMath.min(TornadoMath.max(v, -TANH_LIMIT), TANH_LIMIT);
        float q = x * x;
        float p = -2.7607684e-16f;
        p = p * q + 2.000188e-13f;
        p = p * q + -8.604672e-11f;
        p = p * q + 5.1222973e-08f;
        p = p * q + 1.48572235e-05f;
        p = p * q + 6.3726195e-04f;
        p = p * q + 4.8935246e-03f;
        float d = 1.1982584e-06f;
        d = d * q + 1.1853471e-04f;
        d = d * q + 2.2684347e-03f;
        d = d * q + 4.893525e-03f;
        return x * p / d;
    }

    static float rate(int activation, float below, float v) {
        float r = v;
        if (activation == TableCodes.TANH) {
            r = tanh(v);
        } else if (activation == TableCodes.SIGMOID) {
            float e = TornadoMath.exp(-TornadoMath.abs(v));
            r = (v < 0f ? e : 1f) / (1f + e);
        } else if (activation == TableCodes.RECTIFIED) {
            r = v < 0f ? below * v : v;
        }
        return r;
    }

    static float slope(int activation, float below, float v) {
        float s = 1f;
        if (activation == TableCodes.TANH) {
            float e = TornadoMath.exp(-2f * TornadoMath.abs(v));
            s = 4f * e / ((1f + e) * (1f + e));
        } else if (activation == TableCodes.SIGMOID) {
            float e = TornadoMath.exp(-TornadoMath.abs(v));
            s = e / ((1f + e) * (1f + e));
        } else if (activation == TableCodes.RECTIFIED) {
            s = v < 0f ? below : 1f;
        }
        return s;
    }

    /** The voltage of a rate, for functions that have inverses. */
    static float inverse(int activation, float below, float r) {
        float v = r;
        if (activation == TableCodes.TANH) {
            v = 0.5f * TornadoMath.log((1f + r) / (1f - r));
        } else if (activation == TableCodes.SIGMOID) {
            v = TornadoMath.log(r / (1f - r));
        } else if (activation == TableCodes.RECTIFIED) {
            v = r < 0f ? r / below : r;
        }
        return v;
    }

    /** {@code phi(v + d) - phi(v)}, given rate and slope at {@code v}. */
    static float difference(int activation, float below, float v, float r, float s, float d) {
        float out = d;
        if (activation == TableCodes.TANH) {
            float t = tanh(d);
            float denominator = 1f + r * t;
            out = denominator < CANCELLATION ? tanh(v + d) - r : t * s / denominator;
        } else if (activation == TableCodes.SIGMOID) {
            float t = tanh(0.5f * d);
            float denominator = 1f + (r + r - 1f) * t;
            out =
                    denominator < CANCELLATION
                            ? rate(activation, below, v + d) - r
                            : 2f * s * t / denominator;
        } else if (activation == TableCodes.RECTIFIED) {
            float end = v + d;
            float down = v < 0f ? below * d : below * end - v;
            float up = v < 0f ? end - below * v : d;
            out = end < 0f ? down : up;
        }
        return out;
    }

    /** Postsynaptic factor of a rule; {@code difference} is somatic less basal voltage. */
    static float postsynaptic(
            int rule,
            int activation,
            float below,
            float v,
            float slope,
            float basal,
            float difference) {
        float out = difference;
        if (rule == TableCodes.DERIVATIVE) {
            out = slope * difference;
        } else if (rule == TableCodes.NONLINEAR_DIFFERENCE) {
            float w = v + basal;
            out =
                    difference(
                            activation,
                            below,
                            w,
                            rate(activation, below, w),
                            slope(activation, below, w),
                            difference);
        }
        return out;
    }
}
