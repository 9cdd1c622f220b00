package io.dfc.cpu.simd.kernel;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.I;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Activation;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Changes of rates, {@code phi(v + d) - phi(v)}, with full relative precision for small {@code d},
 * over padded arrays. How a block is computed depends on its largest change alone; where blocks
 * hang on the shape of products, each vector is such a block.
 */
public final class RateDifference {
    /**
     * Below this denominator the identity for the difference of two tanh cancels, see {@link
     * Activation}.
     */
    private static final float CANCELLATION = 0.25f;

    /** Bits of the largest change up to which three terms of the Taylor series are exact enough. */
    public static final int TINY = Float.floatToRawIntBits(0x1p-8f);

    /** Bits of the largest change up to which tanh and the denominator have short series. */
    private static final int SMALL = Float.floatToRawIntBits(0x1p-4f);

    /** Leaves the magnitude of a float's bits. */
    public static final int MAGNITUDE = Integer.MAX_VALUE;

    private RateDifference() {}

    /**
     * Writes the changes of a row.
     *
     * @param layer feedforward voltages, rates and slopes
     * @param at first element in the layer's arrays
     * @param d changes of the voltage, from {@code dAt} on
     * @param out another array
     * @param n number of elements, a multiple of the vector's length
     */
    public static void write(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        write(activation, layer, at, d, dAt, out, outAt, 1, n, largest(d, dAt, n));
    }

    /**
     * The same for a block.
     *
     * @param rows number of rows, as far apart in all arrays as those of the layer
     * @param columns number of columns, a multiple of the vector's length
     * @param largest bits of the largest magnitude among the changes of the voltage; those of NaN
     *     are larger than all others
     */
    public static void write(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int rows,
            int columns,
            int largest) {
        if (hasSeries(activation)) {
            float scale = scale(activation);
            if (largest <= TINY) {
                tinyTanh(activation, layer, at, d, dAt, out, outAt, rows, columns);
                return;
            }
            if (largest <= SMALL) {
                smallTanh(scale, layer, at, d, dAt, out, outAt, rows, columns);
                return;
            }
        }
        for (int row = 0; row < rows; row++) {
            int skip = row * layer.stride;
            int place = at + skip;
            int from = dAt + skip;
            int to = outAt + skip;
            switch (activation) {
                case Activation.Linear linear -> System.arraycopy(d, from, out, to, columns);
                case Activation.Tanh tanh ->
                        tanh(1f, activation, layer, place, d, from, out, to, columns);
                case Activation.Sigmoid sigmoid ->
                        tanh(0.5f, activation, layer, place, d, from, out, to, columns);
                case Activation.Relu relu -> rectify(0f, layer.v, place, d, from, out, to, columns);
                case Activation.LeakyRelu(double below) ->
                        rectify((float) below, layer.v, place, d, from, out, to, columns);
            }
        }
    }

    /**
     * Writes the changes of a row whose length depends on the register blocks: how a vector is
     * computed depends on its own largest change, so that it is the same in rows of all lengths.
     *
     * @param layer feedforward voltages, rates and slopes
     * @param at first element in the layer's arrays
     * @param d changes of the voltage, from {@code dAt} on
     * @param out another array
     * @param n number of elements, a multiple of the vector's length
     */
    public static void writeVectors(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        boolean series = hasSeries(activation);
        int next = series ? limit(d, dAt) : 0;
        int end;
        for (int k = 0; k < n; k = end) {
            // Neighbours that are computed in the same way are computed together.
            int limit = next;
            end = series ? k + LANES : n;
            while (end < n) {
                next = limit(d, dAt + end);
                if (next != limit) {
                    break;
                }
                end += LANES;
            }
            write(activation, layer, at + k, d, dAt + k, out, outAt + k, 1, end - k, limit);
        }
    }

    /** The limit of the series that has all changes of a vector; that of no series is above all. */
    private static int limit(float[] d, int at) {
        int largest = largest(d, at, LANES);
        if (largest <= TINY) {
            return TINY;
        }
        return largest <= SMALL ? SMALL : MAGNITUDE;
    }

    /** Bits of the largest magnitude; as integers they have the same order, and NaN comes last. */
    private static int largest(float[] d, int from, int n) {
        IntVector largest = IntVector.zero(I);
        for (int i = 0; i < n; i += LANES) {
            largest = fromArray(F, d, from + i).reinterpretAsInts().and(MAGNITUDE).max(largest);
        }
        return IntVector.zero(I).max(largest).reduceLanes(VectorOperators.MAX);
    }

    /** Whether {@link #tinyTanh} has the changes of these rates. */
    public static boolean hasSeries(Activation activation) {
        return activation instanceof Activation.Tanh || activation instanceof Activation.Sigmoid;
    }

    /** Of tanh, and of the sigmoid as {@code (1 + tanh(v / 2)) / 2}: the factor of {@code v}. */
    private static float scale(Activation activation) {
        return activation instanceof Activation.Tanh ? 1f : 0.5f;
    }

    /** The constant that {@link #tinyTanh} adds to a rate. */
    public static float seriesShift(Activation activation) {
        return activation instanceof Activation.Tanh ? 0f : -0.5f;
    }

    /** A constant of {@link #tinyTanh}. */
    public static float seriesThird(Activation activation) {
        return -scale(activation) * scale(activation) / 3f;
    }

    /**
     * Writes how much less the rates change with other voltages, {@code end - (phi(v + d) -
     * phi(v))}.
     *
     * @param end changes to subtract from, from {@code endAt} on
     * @param d changes of the voltage, from {@code dAt} on
     * @param out another array, from {@code outAt} on
     * @param n number of elements, a multiple of the vector's length
     */
    public static void subtract(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] end,
            int endAt,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        if (hasSeries(activation)
                && subtractTiny(activation, layer, at, end, endAt, d, dAt, out, outAt, n) <= TINY) {
            return;
        }
        writeVectors(activation, layer, at, d, dAt, out, outAt, n);
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, end, endAt + k)
                    .sub(fromArray(F, out, outAt + k))
                    .intoArray(out, outAt + k);
        }
    }

    private static int subtractTiny(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] end,
            int endAt,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int n) {
        FloatVector shift = FloatVector.broadcast(F, seriesShift(activation));
        FloatVector third = FloatVector.broadcast(F, seriesThird(activation));
        IntVector largest = IntVector.zero(I);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = fromArray(F, d, dAt + k);
            largest = x.reinterpretAsInts().and(MAGNITUDE).max(largest);
            FloatVector r = fromArray(F, layer.r, at + k);
            FloatVector slope = fromArray(F, layer.slope, at + k);
            // As in tinyTanh: the compiler may make objects of the vectors that a helper takes.
            FloatVector p = r.fma(x, x.mul(shift));
            FloatVector series = p.fma(p, x.mul(x).mul(third)).sub(p);
            FloatVector linear = slope.mul(x);
            fromArray(F, end, endAt + k).sub(linear.fma(series, linear)).intoArray(out, outAt + k);
        }
        return IntVector.zero(I).max(largest).reduceLanes(VectorOperators.MAX);
    }

    /**
     * Changes of rates by voltages of no more than {@link #TINY}: three terms of the Taylor series
     * of tanh around {@code v}, {@code phi' d (1 - r d + (r^2 - 1/3) d^2)}. The fourth is at most
     * {@code d^3 / 3} of the first, below half of the last bit. The sigmoid's {@code r d} is {@code
     * (2 r - 1) d / 2}.
     */
    private static void tinyTanh(
            Activation activation,
            LayerActivity layer,
            int at,
            float[] d,
            int dAt,
            float[] out,
            int outAt,
            int rows,
            int columns) {
        FloatVector shift = FloatVector.broadcast(F, seriesShift(activation));
        FloatVector third = FloatVector.broadcast(F, seriesThird(activation));
        for (int row = 0; row < rows; row++) {
            int skip = row * layer.stride;
            int place = at + skip;
            int from = dAt + skip;
            int to = outAt + skip;
            for (int i = 0; i < columns; i += LANES) {
                FloatVector x = fromArray(F, d, from + i);
                FloatVector r = fromArray(F, layer.r, place + i);
                FloatVector slope = fromArray(F, layer.slope, place + i);
                FloatVector p = r.fma(x, x.mul(shift));
                FloatVector series = p.fma(p, x.mul(x).mul(third)).sub(p);
                FloatVector linear = slope.mul(x);
                linear.fma(series, linear).intoArray(out, to + i);
            }
        }
    }

    /**
     * The difference of two tanh, or with {@code scale} 1/2 of two sigmoids, without a division:
     * tanh from its series and the denominator from the geometric one, both cut off below the last
     * bit.
     */
    private static void smallTanh(
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
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector minus = FloatVector.broadcast(F, -1f);
        FloatVector third = FloatVector.broadcast(F, -1 / 3f);
        FloatVector fifth = FloatVector.broadcast(F, 2 / 15f);
        FloatVector factor = FloatVector.broadcast(F, scale == 1f ? 1f : 2f);
        FloatVector shift = FloatVector.broadcast(F, scale == 1f ? 0f : -1f);
        for (int row = 0; row < rows; row++) {
            int skip = row * layer.stride;
            int from = dAt + skip;
            int place = at + skip;
            int to = outAt + skip;
            for (int i = 0; i < columns; i += LANES) {
                FloatVector x = fromArray(F, d, from + i).mul(scale);
                FloatVector q = x.mul(x);
                FloatVector t = q.fma(fifth, third).mul(q).fma(x, x);
                FloatVector rt = fromArray(F, layer.r, place + i).fma(factor, shift).mul(t);
                // (1 - rt) (1 + y + y^2); the square of y itself would often be subnormal, which is
                // slow.
                FloatVector y = rt.mul(rt);
                FloatVector inverse = y.add(one).fma(y, one).mul(rt.fma(minus, one));
                fromArray(F, layer.slope, place + i)
                        .mul(factor)
                        .mul(t)
                        .mul(inverse)
                        .intoArray(out, to + i);
            }
        }
    }

    /** tanh, or with {@code scale} 1/2 the sigmoid, {@code phi(v) = (1 + tanh(v / 2)) / 2}. */
    private static void tanh(
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
        Rates.tanh(scale, d, dAt, out, outAt, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector t = fromArray(F, out, outAt + i);
            FloatVector r = fromArray(F, layer.r, at + i).fma(factor, shift);
            FloatVector slope = fromArray(F, layer.slope, at + i).mul(factor);
            FloatVector denominator = r.fma(t, FloatVector.broadcast(F, 1f));
            t.mul(slope).div(denominator).intoArray(out, outAt + i);
            int signs =
                    denominator
                            .sub(CANCELLATION)
                            .reinterpretAsInts()
                            .reduceLanes(VectorOperators.OR);
            if (signs < 0) {
                for (int j = i; j < i + LANES; j++) {
                    out[outAt + j] = (float) activation.difference(layer.v[at + j], d[dAt + j]);
                }
            }
        }
    }

    private static void rectify(
            float below, float[] v, int at, float[] d, int dAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector start = fromArray(F, v, at + i);
            FloatVector change = fromArray(F, d, dAt + i);
            FloatVector end = start.add(change);
            // All ones where the voltage is negative; zero added to -0 is 0.
            IntVector startBelow =
                    start.add(0f).reinterpretAsInts().lanewise(VectorOperators.ASHR, Rates.SIGN);
            IntVector endBelow =
                    end.add(0f).reinterpretAsInts().lanewise(VectorOperators.ASHR, Rates.SIGN);
            IntVector above = change.reinterpretAsInts();
            IntVector both = change.mul(below).reinterpretAsInts();
            IntVector crossingUp = end.sub(start.mul(below)).reinterpretAsInts();
            IntVector crossingDown = end.mul(below).sub(start).reinterpretAsInts();
            IntVector ifStartAbove =
                    crossingDown
                            .lanewise(VectorOperators.XOR, above)
                            .and(endBelow)
                            .lanewise(VectorOperators.XOR, above);
            IntVector ifStartBelow =
                    both.lanewise(VectorOperators.XOR, crossingUp)
                            .and(endBelow)
                            .lanewise(VectorOperators.XOR, crossingUp);
            ifStartBelow
                    .lanewise(VectorOperators.XOR, ifStartAbove)
                    .and(startBelow)
                    .lanewise(VectorOperators.XOR, ifStartAbove)
                    .reinterpretAsFloats()
                    .intoArray(out, outAt + i);
        }
    }
}
