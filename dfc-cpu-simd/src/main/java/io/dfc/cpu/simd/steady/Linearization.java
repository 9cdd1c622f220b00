package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.Rates;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Network and control error linearised at the state of a tile: the slopes of all rates, and {@code
 * S = -de/dr_L} of every sample.
 */
final class Linearization {
    private static final int ONE = Float.floatToRawIntBits(1f);

    private final Network network;
    private final Tile tile;
    private final int outputs;

    /** {@code phi'} per layer: padded rows, one to a sample. */
    final float[][] slopes;

    /** Softmax {@code p} of the outputs, [rows, n_L]. */
    private final double[] probabilities;

    /** Whether {@code S = diag(p) - p p^T}, else the identity. */
    private boolean comparesSoftmax;

    Linearization(Network network, Tile tile) {
        this.network = network;
        this.tile = tile;
        outputs = network.outputs();
        slopes = new float[network.depth()][];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = new float[tile.capacity * tile.strides[i]];
        }
        probabilities = new double[tile.capacity * outputs];
    }

    /** Moves to the state that the tile is in. */
    void refresh(Batch batch, ControlError target) {
        for (int i = 0; i < slopes.length; i++) {
            slopesAt(batch, i);
        }
        comparesSoftmax =
                target.softmax(
                        tile.first, tile.count, tile.outputDeviation, probabilities, tile.softmax);
    }

    /** {@code phi'} at the tile's voltages. */
    private void slopesAt(Batch batch, int i) {
        LayerActivity layer = batch.layers[i];
        int origin = tile.first * layer.stride;
        int n = tile.rows * layer.stride;
        float[] out = slopes[i];
        switch (network.activation(i)) {
            case Activation.Linear linear -> System.arraycopy(layer.slope, origin, out, 0, n);
            case Activation.Tanh tanh -> tanh(layer, origin, tile.dr[i], out, n);
            case Activation.Sigmoid sigmoid -> sigmoid(layer, origin, tile.dr[i], out, n);
            case Activation.Relu relu -> rectified(0f, layer.v, origin, tile.dv[i], out, n);
            case Activation.LeakyRelu(double below) ->
                    rectified((float) below, layer.v, origin, tile.dv[i], out, n);
        }
    }

    // A loop for each: with a choice inside, the compiler makes objects of vectors as soon as it
    // has seen more than one activation.

    private static void tanh(LayerActivity layer, int origin, float[] dr, float[] out, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector r = fromArray(F, layer.r, origin + k);
            FloatVector d = fromArray(F, dr, k);
            fromArray(F, layer.slope, origin + k).sub(d.mul(r.add(r).add(d))).intoArray(out, k);
        }
    }

    /** (r + d) (1 - r - d) from r (1 - r). */
    private static void sigmoid(LayerActivity layer, int origin, float[] dr, float[] out, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector r = fromArray(F, layer.r, origin + k);
            FloatVector d = fromArray(F, dr, k);
            fromArray(F, layer.slope, origin + k)
                    .add(d.mul(r.add(r).add(d).neg().add(1f)))
                    .intoArray(out, k);
        }
    }

    private static void rectified(
            float below, float[] v, int origin, float[] dv, float[] out, int n) {
        int slope = Float.floatToRawIntBits(below);
        for (int k = 0; k < n; k += LANES) {
            FloatVector at = fromArray(F, v, origin + k).add(fromArray(F, dv, k));
            at.add(0f)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.ASHR, Rates.SIGN)
                    .and(ONE ^ slope)
                    .lanewise(VectorOperators.XOR, ONE)
                    .reinterpretAsFloats()
                    .intoArray(out, k);
        }
    }

    /** Whether the error compares with a softmax, so that {@code S} is not the identity. */
    boolean comparesSoftmax() {
        return comparesSoftmax;
    }

    /** Replaces a vector {@code x} by {@code S x} of a sample of the tile. */
    void applyErrorSlope(int s, float[] x, int at) {
        if (!comparesSoftmax) {
            return;
        }
        int p = s * outputs;
        double mean = 0;
        for (int j = 0; j < outputs; j++) {
            mean += probabilities[p + j] * x[at + j];
        }
        for (int j = 0; j < outputs; j++) {
            x[at + j] = (float) (probabilities[p + j] * (x[at + j] - mean));
        }
    }

    /** Replaces a row-major [n_L, n_L] matrix {@code g} by {@code S g} of a sample of the tile. */
    void applyErrorSlope(int s, double[] g) {
        if (!comparesSoftmax) {
            return;
        }
        int p = s * outputs;
        for (int k = 0; k < outputs; k++) {
            double mean = 0;
            for (int j = 0; j < outputs; j++) {
                mean += probabilities[p + j] * g[j * outputs + k];
            }
            for (int j = 0; j < outputs; j++) {
                int at = j * outputs + k;
                g[at] = probabilities[p + j] * (g[at] - mean);
            }
        }
    }
}
