package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Activation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

import java.util.Arrays;

/** Activation functions over padded arrays, whose lengths are multiples of the vector's. */
public final class Rates {
    private static final int ONE = Float.floatToRawIntBits(1f);

    /** Distance by which a sign is shifted to fill all bits. */
    public static final int SIGN = Integer.SIZE - 1;

    /** Argument beyond which tanh is 1 to the last bit of float32. */
    private static final float TANH_LIMIT = 7.905311f;

    /** A constant whose addition and subtraction rounds a small number to an integer. */
    private static final float ROUND = 1.2582912e7f;

    private Rates() {}

    /**
     * Writes {@code tanh(factor * x)}, as a rational function of degree 13 over 6 (minimax
     * coefficients as in the Eigen library), within 5 ulp for all floats.
     *
     * @param n number of elements, a multiple of the vector's length
     */
    static void tanh(float factor, float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = fromArray(F, x, xAt + i).mul(factor);
            FloatVector c = v.max(-TANH_LIMIT).min(TANH_LIMIT);
            FloatVector q = c.mul(c);
            FloatVector p = FloatVector.broadcast(F, -2.7607684e-16f);
            p = p.fma(q, FloatVector.broadcast(F, 2.000188e-13f));
            p = p.fma(q, FloatVector.broadcast(F, -8.604672e-11f));
            p = p.fma(q, FloatVector.broadcast(F, 5.1222973e-08f));
            p = p.fma(q, FloatVector.broadcast(F, 1.48572235e-05f));
            p = p.fma(q, FloatVector.broadcast(F, 6.3726195e-04f));
            p = p.fma(q, FloatVector.broadcast(F, 4.8935246e-03f));
            FloatVector d = FloatVector.broadcast(F, 1.1982584e-06f);
            d = d.fma(q, FloatVector.broadcast(F, 1.1853471e-04f));
            d = d.fma(q, FloatVector.broadcast(F, 2.2684347e-03f));
            d = d.fma(q, FloatVector.broadcast(F, 4.893525e-03f));
            c.mul(p).div(d).intoArray(out, outAt + i);
        }
    }

    /**
     * Writes {@code exp(-factor * |x|)}, within 2 ulp down to -87. The operator of the Vector API
     * will not do: its last bit depends on whether the method has been compiled yet.
     */
    private static void decay(float factor, float[] x, float[] out, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector v = fromArray(F, x, i).abs().mul(-factor).max(-87f);
            FloatVector n = v.mul(1.442695f).add(ROUND).sub(ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(F, -0.6933594f), v);
            r = n.fma(FloatVector.broadcast(F, 2.1219444e-4f), r);
            FloatVector p = FloatVector.broadcast(F, 1.3888889e-3f);
            p = p.fma(r, FloatVector.broadcast(F, 8.333334e-3f));
            p = p.fma(r, FloatVector.broadcast(F, 4.1666668e-2f));
            p = p.fma(r, FloatVector.broadcast(F, 0.16666667f));
            p = p.fma(r, FloatVector.broadcast(F, 0.5f));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
            IntVector power = exponent.add(127).lanewise(VectorOperators.LSHL, 23);
            p.mul(power.reinterpretAsFloats()).intoArray(out, i);
        }
    }

    /** Writes {@code r = phi(v)} and {@code slope = phi'(v)}. */
    public static void evaluate(
            Activation activation, float[] v, float[] r, float[] slope, int from, int to) {
        switch (activation) {
            case Activation.Linear linear -> {
                System.arraycopy(v, from, r, from, to - from);
                Arrays.fill(slope, from, to, 1f);
            }
            case Activation.Tanh tanh -> tanh(v, r, slope, from, to);
            case Activation.Sigmoid sigmoid -> sigmoid(v, r, slope, from, to);
            case Activation.Relu relu -> rectify(0f, v, r, slope, from, to);
            case Activation.LeakyRelu(double below) ->
                    rectify((float) below, v, r, slope, from, to);
        }
    }

    // Each loop is a method of its own, and what one writes the next reads: a helper that takes
    // vectors, or a choice between them, may make objects of them.

    private static void tanh(float[] v, float[] r, float[] slope, int from, int to) {
        tanh(1f, v, from, r, from, to - from);
        decay(2f, v, slope, from, to);
        for (int i = from; i < to; i += LANES) {
            FloatVector e = fromArray(F, slope, i);
            FloatVector s = e.add(1f);
            e.mul(4f).div(s.mul(s)).intoArray(slope, i);
        }
    }

    private static void sigmoid(float[] v, float[] r, float[] slope, int from, int to) {
        decay(1f, v, slope, from, to);
        for (int i = from; i < to; i += LANES) {
            FloatVector e = fromArray(F, slope, i);
            FloatVector s = e.add(1f);
            // exp(-|v|) for negative voltages, else 1, chosen by their sign; zero added to -0 is 0.
            fromArray(F, v, i)
                    .add(0f)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.ASHR, SIGN)
                    .and(e.reinterpretAsInts().lanewise(VectorOperators.XOR, ONE))
                    .lanewise(VectorOperators.XOR, ONE)
                    .reinterpretAsFloats()
                    .div(s)
                    .intoArray(r, i);
            e.div(s.mul(s)).intoArray(slope, i);
        }
    }

    private static void rectify(
            float below, float[] v, float[] r, float[] slope, int from, int to) {
        int belowBits = Float.floatToRawIntBits(below);
        for (int i = from; i < to; i += LANES) {
            FloatVector x = fromArray(F, v, i);
            FloatVector s =
                    x.add(0f)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.ASHR, SIGN)
                            .and(ONE ^ belowBits)
                            .lanewise(VectorOperators.XOR, ONE)
                            .reinterpretAsFloats();
            s.intoArray(slope, i);
            x.mul(s).intoArray(r, i);
        }
    }
}
