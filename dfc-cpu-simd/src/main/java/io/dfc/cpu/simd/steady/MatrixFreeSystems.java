package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.KrylovSolver;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import java.util.Arrays;

/**
 * The systems {@code (S J Q + alpha I) x = e - alpha u} of a tile when there are many outputs:
 * solved by products alone, each a linear pass through the network with {@code Q x} added to every
 * voltage.
 */
final class MatrixFreeSystems {
    private final Model model;
    private final Network network;
    private final Tile tile;
    private final Linearization linear;
    private final double leakage;
    private final int outputs;
    private final int outputStride;
    private final KrylovSolver solver;
    private final KrylovSolver.Operator product = this::multiply;
    private final double[] right;
    private final float[] control;
    private final float[][] rates;

    /** One per layer, so that padding stays zero: the solver multiplies whole vectors. */
    private final float[][] basal;

    /**
     * Systems of a tile.
     *
     * @param linear network and error at the state in question
     */
    MatrixFreeSystems(Model model, Tile tile, Linearization linear, double leakage) {
        this.model = model;
        this.network = model.network;
        this.tile = tile;
        this.linear = linear;
        this.leakage = leakage;
        outputs = network.outputs();
        outputStride = Simd.stride(outputs);
        solver = new KrylovSolver(tile.capacity, outputs);
        right = new double[tile.capacity * outputs];
        control = new float[tile.capacity * outputs];
        rates = new float[network.depth()][];
        basal = new float[network.depth()][];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = new float[tile.capacity * tile.strides[i]];
            basal[i] = new float[rates[i].length];
        }
    }

    /**
     * Solves for the residuals of some samples.
     *
     * @param wanted which
     * @param alpha what the control is weighted with in the residual
     * @param out receives the solutions of the samples wanted, [count, n_L]
     */
    void solve(boolean[] wanted, double alpha, double[] out) {
        Arrays.fill(right, 0);
        for (int s = 0; s < tile.count; s++) {
            for (int j = s * outputs; j < (s + 1) * outputs && wanted[s]; j++) {
                right[j] = tile.error[j] - alpha * tile.u[j];
            }
        }
        solver.solve(tile.rows, right, product);
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < outputs && wanted[s]; j++) {
                out[s * outputs + j] = solver.solution[s * outputStride + j];
            }
        }
    }

    private void multiply(float[] x, float[] result) {
        for (int s = 0; s < tile.rows; s++) {
            System.arraycopy(x, s * outputStride, control, s * outputs, outputs);
        }
        int last = network.depth() - 1;
        for (int i = 0; i <= last; i++) {
            int stride = tile.strides[i];
            int n = tile.rows * stride;
            float[] out = i == last ? result : rates[i];
            Gemm.multiply(control, 0, outputs, tile.rows, model.feedback[i], out, 0, stride);
            if (i > 0) {
                Gemm.multiply(
                        rates[i - 1],
                        0,
                        tile.strides[i - 1],
                        tile.rows,
                        model.up[i],
                        basal[i],
                        0,
                        stride);
                for (int k = 0; k < n; k += LANES) {
                    fromArray(F, out, k).add(fromArray(F, basal[i], k)).intoArray(out, k);
                }
            }
            float[] slope = linear.slopes[i];
            for (int k = 0; k < n; k += LANES) {
                fromArray(F, out, k).mul(fromArray(F, slope, k)).intoArray(out, k);
            }
        }
        float alpha = (float) leakage;
        for (int s = 0; s < tile.rows; s++) {
            if (s < tile.count) {
                linear.applyErrorSlope(s, result, s * outputStride);
            }
            for (int j = s * outputStride; j < s * outputStride + outputs; j++) {
                result[j] += alpha * x[j];
            }
        }
    }
}
