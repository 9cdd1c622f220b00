package io.dfc.cpu.simd;

import static io.dfc.cpu.simd.Simd.F;
import static io.dfc.cpu.simd.Simd.I;
import static io.dfc.cpu.simd.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Activation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Activation functions over padded arrays, whose lengths are multiples of the vector's. */
final class Rates {
    /** Beyond it tanh is 1 to the last bit of float32. */
    private static final float TANH_LIMIT = 7.905311f;

    /**
     * Below this denominator the identity for the difference of two tanh cancels, see {@link
     * Activation}.
     */
    private static final float CANCELLATION = 0.25f;

    /** Changes up to it have short series. */
    private static final float SMALL = 0.0625f;

    /** Adding and subtracting it rounds a small number to a whole one. */
    private static final float ROUND = 1.2582912e7f;

    private Rates() {}

    /**
     * tanh as a rational function of degree 13 over 6 (minimax coefficients as in the Eigen
     * library), within 5 ulp for all floats.
     */
    static FloatVector tanh(FloatVector v) {
        FloatVector x = v.max(-TANH_LIMIT).min(TANH_LIMIT);
        FloatVector q = x.mul(x);
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
        return x.mul(p).div(d);
    }

    /**
     * exp of numbers that are not positive, within 2 ulp down to -87. The operator of the Vector
     * API will not do: its last bit depends on whether the method has been compiled yet.
     */
    static FloatVector exp(FloatVector v) {
        FloatVector x = v.max(-87f);
        FloatVector n = x.mul(1.442695f).add(ROUND).sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -0.6933594f), x);
        r = n.fma(FloatVector.broadcast(F, 2.1219444e-4f), r);
        FloatVector p = FloatVector.broadcast(F, 1.3888889e-3f);
        p = p.fma(r, FloatVector.broadcast(F, 8.333334e-3f));
        p = p.fma(r, FloatVector.broadcast(F, 4.1666668e-2f));
        p = p.fma(r, FloatVector.broadcast(F, 0.16666667f));
        p = p.fma(r, FloatVector.broadcast(F, 0.5f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = (IntVector) n.convert(VectorOperators.F2I, 0);
        return p.mul(exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }

    /** Writes {@code r = phi(v)} and {@code slope = phi'(v)}. */
    static void evaluate(
            Activation activation, float[] v, float[] r, float[] slope, int from, int to) {
        switch (activation) {
            case Activation.Linear linear -> {
                System.arraycopy(v, from, r, from, to - from);
                java.util.Arrays.fill(slope, from, to, 1f);
            }
            case Activation.Tanh tanh -> tanh(v, r, slope, from, to);
            case Activation.Sigmoid sigmoid -> sigmoid(v, r, slope, from, to);
            case Activation.Relu relu -> rectify(0f, v, r, slope, from, to);
            case Activation.LeakyRelu(double below) ->
                    rectify((float) below, v, r, slope, from, to);
        }
    }

    // Each loop is a method of its own, so that the compiler does not judge by how rare one
    // activation is among all calls whether to inline what it calls; else vectors become objects.

    private static void tanh(float[] v, float[] r, float[] slope, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector x = fromArray(F, v, i);
            tanh(x).intoArray(r, i);
            FloatVector e = exp(x.abs().mul(-2f));
            FloatVector s = e.add(1f);
            e.mul(4f).div(s.mul(s)).intoArray(slope, i);
        }
    }

    private static void sigmoid(float[] v, float[] r, float[] slope, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector x = fromArray(F, v, i);
            FloatVector e = exp(x.abs().neg());
            FloatVector s = e.add(1f);
            VectorMask<Float> negative = x.lt(0f);
            FloatVector.broadcast(F, 1f).blend(e, negative).div(s).intoArray(r, i);
            e.div(s.mul(s)).intoArray(slope, i);
        }
    }

    private static void rectify(
            float below, float[] v, float[] r, float[] slope, int from, int to) {
        for (int i = from; i < to; i += LANES) {
            FloatVector x = fromArray(F, v, i);
            FloatVector s = FloatVector.broadcast(F, 1f).blend(below, x.lt(0f));
            s.intoArray(slope, i);
            x.mul(s).intoArray(r, i);
        }
    }

    /**
     * Writes {@code out = phi(v + d) - phi(v)} with full relative precision for small {@code d}.
     *
     * @param layer feedforward voltages, rates and slopes
     * @param at first element in the layer's arrays
     * @param d changes of the voltage, from {@code dAt} on
     * @param n number of elements, a multiple of the vector's length
     */
    static void difference(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        difference(activation, layer, at, d, dAt, out, outAt, 1, n);
    }

    /**
     * The same for a block.
     *
     * @param rows number of rows, as far apart in all arrays as those of the layer
     * @param columns number of columns, a multiple of the vector's length
     */
    static void difference(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int rows,
            int columns) {
        int stride = layer.stride;
        if (activation instanceof Activation.Tanh || activation instanceof Activation.Sigmoid) {
            float scale = activation instanceof Activation.Tanh ? 1f : 0.5f;
            if (smallTanhDifference(scale, layer, at, d, dAt, out, outAt, rows, columns)) {
                return;
            }
        }
        for (int row = 0; row < rows; row++) {
            int place = at + row * stride;
            int from = dAt + row * stride;
            int to = outAt + row * stride;
            switch (activation) {
                case Activation.Linear linear -> System.arraycopy(d, from, out, to, columns);
                case Activation.Tanh tanh ->
                        tanhDifference(1f, activation, layer, place, d, from, out, to, columns);
                case Activation.Sigmoid s ->
                        tanhDifference(0.5f, activation, layer, place, d, from, out, to, columns);
                case Activation.Relu relu ->
                        rectifiedDifference(0f, layer.v, place, d, from, out, to, columns);
                case Activation.LeakyRelu(double below) ->
                        rectifiedDifference(
                                (float) below, layer.v, place, d, from, out, to, columns);
            }
        }
    }

    /** tanh, or with {@code scale} 1/2 the sigmoid, {@code phi(v) = (1 + tanh(v / 2)) / 2}. */
    private static void tanhDifference(
            float scale,
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        // Twice the sigmoid's rate less one, and twice its slope; factors, since a choice between
        // vectors may become one between objects.
        FloatVector factor = FloatVector.broadcast(F, scale == 1f ? 1f : 2f);
        FloatVector shift = FloatVector.broadcast(F, scale == 1f ? 0f : -1f);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = tanh(fromArray(F, d, dAt + i).mul(scale));
            FloatVector r = fromArray(F, layer.r, at + i).fma(factor, shift);
            FloatVector slope = fromArray(F, layer.slope, at + i).mul(factor);
            FloatVector denominator = r.fma(t, FloatVector.broadcast(F, 1f));
            t.mul(slope).div(denominator).intoArray(out, outAt + i);
            if (denominator.lt(CANCELLATION).anyTrue()) {
                for (int j = i; j < i + LANES; j++) {
                    out[outAt + j] = (float) activation.difference(layer.v[at + j], d[dAt + j]);
                }
            }
        }
    }

    /**
     * The difference of two tanh, or two sigmoids, for changes of at most {@link #SMALL}, without a
     * division: tanh from its series and the denominator from the geometric one, both cut off below
     * the last bit.
     *
     * @return whether all changes are that small; if not, the result is of no use
     */
    private static boolean smallTanhDifference(
            float scale,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int rows,
            int columns) {
        // phi(v) = (1 + tanh(v / 2)) / 2 for the sigmoid: twice the rate less one, twice the slope.
        float rateScale = scale == 1f ? 1f : 2f;
        float rateShift = scale == 1f ? 0f : -1f;
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector third = FloatVector.broadcast(F, -1 / 3f);
        FloatVector fifth = FloatVector.broadcast(F, 2 / 15f);
        FloatVector factor = FloatVector.broadcast(F, rateScale);
        FloatVector shift = FloatVector.broadcast(F, rateShift);
        IntVector magnitude = IntVector.broadcast(I, Integer.MAX_VALUE);
        IntVector largest = IntVector.zero(I);
        for (int row = 0; row < rows; row++) {
            int skip = row * layer.stride;
            int from = dAt + skip;
            int place = at + skip;
            int to = outAt + skip;
            for (int i = 0; i < columns; i += LANES) {
                FloatVector x = fromArray(F, d, from + i).mul(scale);
                // As integers the magnitudes have the same order, and NaN comes last.
                largest = largest.max(x.reinterpretAsInts().and(magnitude));
                FloatVector q = x.mul(x);
                FloatVector t = fifth.fma(q, third).mul(q).fma(x, x);
                FloatVector rt = fromArray(F, layer.r, place + i).fma(factor, shift).mul(t);
                // (1 - rt) (1 + y + y^2); the square of y itself would often be subnormal, which is
                // slow.
                FloatVector y = rt.mul(rt);
                FloatVector inverse = y.add(one).fma(y, one).mul(one.sub(rt));
                fromArray(F, layer.slope, place + i)
                        .mul(factor)
                        .mul(t)
                        .mul(inverse)
                        .intoArray(out, to + i);
            }
        }
        return largest.reduceLanes(VectorOperators.MAX) <= Float.floatToRawIntBits(SMALL);
    }

    private static void rectifiedDifference(
            float below, float[] v, int at, float[] d, int dAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector start = fromArray(F, v, at + i);
            FloatVector change = fromArray(F, d, dAt + i);
            FloatVector end = start.add(change);
            VectorMask<Float> startBelow = start.lt(0f);
            VectorMask<Float> endBelow = end.lt(0f);
            FloatVector crossingUp = end.sub(start.mul(below));
            FloatVector crossingDown = end.mul(below).sub(start);
            change.blend(change.mul(below), startBelow.and(endBelow))
                    .blend(crossingUp, startBelow.andNot(endBelow))
                    .blend(crossingDown, endBelow.andNot(startBelow))
                    .intoArray(out, outAt + i);
        }
    }
}
