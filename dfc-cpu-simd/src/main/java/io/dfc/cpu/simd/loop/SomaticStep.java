package io.dfc.cpu.simd.loop;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.I;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Activation;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.RateDifference;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Integrates somatic voltages over a time step, and writes their rates. The numbers may be neurons
 * of samples or samples of neurons. Used by one thread at a time.
 */
final class SomaticStep {
    private final Activation activation;
    private final boolean instant;
    private final float rate;

    /** Whether the deviations were tiny in the last step, which predicts those of the next. */
    private boolean tiny = true;

    // The current block: voltages and rates are as far apart from row to row as those of the layer.
    private LayerActivity layer;
    private int place;
    private float[] input;
    private int inputStride;
    private float[] v;
    private int vAt;
    private float[] r;
    private int rAt;
    private int rows;
    private int columns;

    /**
     * A step.
     *
     * @param instant whether the voltages are instantaneous, hence equal to their input
     * @param rate share of the distance to the input that a step covers otherwise
     */
    SomaticStep(Activation activation, boolean instant, float rate) {
        this.activation = activation;
        this.instant = instant;
        this.rate = rate;
    }

    /**
     * Advances a block; all voltages and rates are deviations from those of the feedforward pass.
     *
     * @param of feedforward voltages, rates and slopes, the first of the block at {@code at}
     * @param in what drives the voltages, from 0 on, rows {@code inStride} apart
     * @param voltages read and written from {@code voltagesAt} on
     * @param rates written from {@code ratesAt} on
     * @param height number of rows, as far apart in all other arrays as those of the layer
     * @param width number of columns, a multiple of the vector's length
     */
    void advance(
            LayerActivity of,
            int at,
            float[] in,
            int inStride,
            float[] voltages,
            int voltagesAt,
            float[] rates,
            int ratesAt,
            int height,
            int width) {
        layer = of;
        place = at;
        input = in;
        inputStride = inStride;
        v = voltages;
        vAt = voltagesAt;
        r = rates;
        rAt = ratesAt;
        rows = height;
        columns = width;
        boolean predicted = tiny && !instant && RateDifference.hasSeries(activation);
        int largest;
        if (predicted) {
            largest = integrateTiny();
        } else {
            largest = instant ? setInstantaneous() : integrate();
        }
        tiny = largest <= RateDifference.TINY;
        if (predicted && tiny) {
            return;
        }
        if (rows == 1 && !tiny) {
            // Samples side by side, of which there are as many as the register blocks say.
            RateDifference.writeVectors(activation, layer, place, v, vAt, r, rAt, columns);
        } else {
            RateDifference.write(activation, layer, place, v, vAt, r, rAt, rows, columns, largest);
        }
    }

    /**
     * Sets the voltages to their input.
     *
     * @return bits of the largest magnitude
     */
    private int setInstantaneous() {
        IntVector largest = IntVector.zero(I);
        for (int row = 0; row < rows; row++) {
            int at = vAt + row * layer.stride;
            int from = row * inputStride;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector x = fromArray(F, input, from + c);
                x.intoArray(v, at + c);
                largest = x.reinterpretAsInts().and(RateDifference.MAGNITUDE).max(largest);
            }
        }
        return IntVector.zero(I).max(largest).reduceLanes(VectorOperators.MAX);
    }

    /**
     * Filters the voltages: a step covers a share of the distance to the input.
     *
     * @return bits of the largest magnitude
     */
    private int integrate() {
        FloatVector share = FloatVector.broadcast(F, rate);
        IntVector largest = IntVector.zero(I);
        for (int row = 0; row < rows; row++) {
            int at = vAt + row * layer.stride;
            int from = row * inputStride;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector old = fromArray(F, v, at + c);
                FloatVector x = fromArray(F, input, from + c).sub(old).fma(share, old);
                x.intoArray(v, at + c);
                largest = x.reinterpretAsInts().and(RateDifference.MAGNITUDE).max(largest);
            }
        }
        return IntVector.zero(I).max(largest).reduceLanes(VectorOperators.MAX);
    }

    /**
     * Integrates as {@link #integrate} does, and in the same pass writes the rates, which are valid
     * if all deviations are tiny.
     *
     * @return bits of the largest magnitude; if it is more than tiny the rates are still to come
     */
    private int integrateTiny() {
        FloatVector share = FloatVector.broadcast(F, rate);
        FloatVector shift = FloatVector.broadcast(F, RateDifference.seriesShift(activation));
        FloatVector third = FloatVector.broadcast(F, RateDifference.seriesThird(activation));
        IntVector largest = IntVector.zero(I);
        for (int row = 0; row < rows; row++) {
            int skip = row * layer.stride;
            int at = vAt + skip;
            int to = rAt + skip;
            int origin = place + skip;
            int from = row * inputStride;
            for (int c = 0; c < columns; c += LANES) {
                FloatVector old = fromArray(F, v, at + c);
                FloatVector x = fromArray(F, input, from + c).sub(old).fma(share, old);
                x.intoArray(v, at + c);
                largest = x.reinterpretAsInts().and(RateDifference.MAGNITUDE).max(largest);
                FloatVector base = fromArray(F, layer.r, origin + c);
                FloatVector slope = fromArray(F, layer.slope, origin + c);
                // As in RateDifference.tinyTanh.
                FloatVector p = base.fma(x, x.mul(shift));
                FloatVector series = p.fma(p, x.mul(x).mul(third)).sub(p);
                FloatVector linear = slope.mul(x);
                linear.fma(series, linear).intoArray(r, to + c);
            }
        }
        return IntVector.zero(I).max(largest).reduceLanes(VectorOperators.MAX);
    }
}
