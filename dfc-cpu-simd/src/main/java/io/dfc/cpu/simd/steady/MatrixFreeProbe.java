package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import jdk.incubator.vector.FloatVector;

/** The {@link LayerProbe} with the control signal as it is. */
final class MatrixFreeProbe extends LayerProbe {
    private final Model model;
    private final int outputs;

    MatrixFreeProbe(
            Model model,
            Tile tile,
            Linearization linear,
            ProportionalIntegralController controller,
            Dynamics dynamics) {
        super(tile, linear, controller, dynamics, model.network.depth(), model.network.outputs());
        this.model = model;
        outputs = model.network.outputs();
    }

    @Override
    void begin() {
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < outputs; j++) {
                u[s * stride + j] = (float) OutputSpace.probeStart(j);
            }
        }
    }

    @Override
    void step() {
        advanceLayers();
        evaluate();
    }

    @Override
    void advance(int i) {
        int width = tile.strides[i];
        int rows = tile.rows;
        Gemm.multiply(applied, 0, stride, rows, model.feedback[i], apical[i], 0, width);
        if (i > 0) {
            int below = tile.strides[i - 1];
            Gemm.multiply(rates[i - 1], 0, below, rows, model.up[i], basal[i], 0, width);
        }
        float[] r = rates[i];
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = 0; at < rows * width; at += LANES) {
            FloatVector old = fromArray(F, r, at);
            fromArray(F, basal[i], at)
                    .add(fromArray(F, apical[i], at))
                    .mul(fromArray(F, linear.slopes[i], at))
                    .sub(old)
                    .fma(k, old)
                    .intoArray(r, at);
        }
    }

    /** The error without a target, {@code -S r_L}. */
    private void evaluate() {
        float[] top = rates[rates.length - 1];
        for (int at = 0; at < tile.rows * stride; at += LANES) {
            fromArray(F, top, at).neg().intoArray(error, at);
        }
        for (int s = 0; s < tile.count; s++) {
            linear.applyErrorSlope(s, error, s * stride);
        }
    }

    @Override
    double squaredNorm(int s) {
        return squaredComponents(s);
    }
}
