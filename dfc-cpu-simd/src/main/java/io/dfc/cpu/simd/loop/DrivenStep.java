package io.dfc.cpu.simd.loop;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.PackedMatrix;

import jdk.incubator.vector.FloatVector;

/**
 * The time step of a layer with noise whose filtered control is known beforehand, as a polynomial
 * of second degree. The tile's apical voltages are the filtered noise alone. Used by one thread at
 * a time.
 */
public final class DrivenStep {
    private final int index;
    private final PackedMatrix up;
    private final float noiseRetention;
    private final float noiseFactor;
    private final SomaticStep somatic;

    /** Input of the somatic voltages, padded rows. */
    private final float[] input;

    /**
     * The step of a layer.
     *
     * @param noiseFactor what a standard normal number adds to an apical voltage
     */
    public DrivenStep(Model model, int index, Dynamics dynamics, float noiseFactor, Tile tile) {
        this.index = index;
        up = model.up[index];
        noiseRetention = 1 - (float) dynamics.apicalRate();
        this.noiseFactor = noiseFactor;
        somatic =
                new SomaticStep(
                        model.network.activation(index),
                        dynamics.instantSystem(),
                        (float) dynamics.somaticRate());
        input = new float[tile.capacity * tile.strides[index]];
    }

    /**
     * Advances the layer; the tile's scratch holds normal numbers for this step.
     *
     * @param value constant part of the control, padded rows
     * @param first what is added {@code s} times
     * @param second what is added {@code s (s + 1) / 2} times
     */
    public void run(
            Tile tile, LayerActivity layer, float[] value, float[] first, float[] second, float s) {
        int stride = tile.strides[index];
        float[] basal = tile.db[index];
        if (index > 0) {
            int below = tile.strides[index - 1];
            Gemm.multiply(tile.dr[index - 1], 0, below, tile.rows, up, basal, 0, stride);
        }
        float[] apical = tile.apical[index];
        float[] noise = tile.scratch[index];
        FloatVector keep = FloatVector.broadcast(F, noiseRetention);
        FloatVector factor = FloatVector.broadcast(F, noiseFactor);
        FloatVector linear = FloatVector.broadcast(F, s);
        FloatVector quadratic = FloatVector.broadcast(F, s * (s + 1) / 2);
        for (int k = 0; k < tile.rows * stride; k += LANES) {
            FloatVector fresh = fromArray(F, noise, k).mul(factor);
            FloatVector z = fromArray(F, apical, k).fma(keep, fresh);
            z.intoArray(apical, k);
            FloatVector drive =
                    fromArray(F, second, k)
                            .fma(
                                    quadratic,
                                    fromArray(F, first, k).fma(linear, fromArray(F, value, k)));
            fromArray(F, basal, k).add(z).add(drive).intoArray(input, k);
        }
        somatic.advance(
                layer,
                tile.first * layer.stride,
                input,
                stride,
                tile.dv[index],
                0,
                tile.dr[index],
                0,
                tile.rows,
                stride);
    }
}
