package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The {@link LayerProbe} in the coordinates of a {@link ReadoutBasis}: with the vector {@code c}
 * where the probe starts, {@code u = W_L x + g c}, and {@code g} is the control signal of a loop of
 * one number that knows the output layer alone.
 */
final class ReducedProbe extends LayerProbe {
    private final Model model;
    private final ReadoutBasis basis;

    /** The last hidden layer. */
    private final int hidden;

    /** Coordinates of the output deviation. */
    private final float[] output;

    // The loop of one number, in the first lane.
    private final float[] startU = new float[LANES];
    private final float[] startIntegral = new float[LANES];
    private final float[] startError = new float[LANES];
    private final float[] startApplied = new float[LANES];
    private float startOutput;

    ReducedProbe(
            Model model,
            Tile tile,
            Linearization linear,
            ReadoutBasis basis,
            ProportionalIntegralController controller,
            Dynamics dynamics) {
        int layers = model.network.depth() - 1;
        super(tile, linear, controller, dynamics, layers, model.network.size(layers - 1));
        this.model = model;
        this.basis = basis;
        hidden = layers - 1;
        output = new float[tile.capacity * stride];
    }

    @Override
    void begin() {
        Arrays.fill(output, 0f);
        startU[0] = 1;
        startIntegral[0] = 1;
        startError[0] = 0;
        startApplied[0] = 0;
        startOutput = 0;
    }

    @Override
    void step() {
        controller.step(startError, startIntegral, startU, startApplied, LANES);
        if (instantTransmission) {
            advanceLayers();
            advanceOutput();
        } else {
            advanceOutput();
            advanceLayers();
        }
    }

    @Override
    void advance(int i) {
        int to = tile.strides[i];
        Gemm.multiply(applied, 0, stride, tile.rows, basis.coupling[i], apical[i], 0, to);
        if (i > 0) {
            int below = tile.strides[i - 1];
            Gemm.multiply(rates[i - 1], 0, below, tile.rows, model.up[i], basal[i], 0, to);
        }
        float[] r = rates[i];
        float[] start = basis.probed(i);
        FloatVector k = FloatVector.broadcast(F, kappa);
        FloatVector g = FloatVector.broadcast(F, startApplied[0]);
        for (int s = 0; s < tile.rows; s++) {
            for (int c = 0; c < to; c += LANES) {
                int at = s * to + c;
                FloatVector old = fromArray(F, r, at);
                FloatVector in = fromArray(F, basal[i], at).add(fromArray(F, apical[i], at));
                fromArray(F, start, c)
                        .fma(g, in)
                        .mul(fromArray(F, linear.slopes[i], at))
                        .sub(old)
                        .fma(k, old)
                        .intoArray(r, at);
            }
        }
    }

    /** The output deviation, and the error without a target, which is its negative. */
    private void advanceOutput() {
        FloatVector k = FloatVector.broadcast(F, kappa);
        FloatVector q = FloatVector.broadcast(F, basis.gain());
        float[] top = rates[hidden];
        for (int at = 0; at < tile.rows * stride; at += LANES) {
            FloatVector old = fromArray(F, output, at);
            FloatVector now =
                    fromArray(F, applied, at).fma(q, fromArray(F, top, at)).sub(old).fma(k, old);
            now.intoArray(output, at);
            now.neg().intoArray(error, at);
        }
        startOutput += kappa * (basis.gain() * startApplied[0] - startOutput);
        startError[0] = -startOutput;
    }

    @Override
    double squaredNorm(int s) {
        double start = basis.startNorm() * startU[0] * startU[0];
        return start + basis.meanColumnNorm() * squaredComponents(s);
    }
}
