package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.RateDifference;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import jdk.incubator.vector.FloatVector;

/**
 * Recovers the voltages of a tile from a run of the reduced-order loop, and the postsynaptic
 * factors that follow from them.
 */
public final class VoltageRecovery {
    private final Model model;
    private final Network network;
    private final int rows;
    private final int[] strides;
    private final int points;
    private final float edge;

    /** {@code sum_t a[t]}, [rows, n_L]. */
    public final float[] sumApplied;

    /** {@code u^(q)} at the last point, [depth + 1, rows, n_L]. */
    public final float[] lagged;

    /**
     * Per layer, linear deviations of the voltage at the last point, filtered 0, 1 ... times more;
     * [depth - i, rows, n_i].
     */
    private final float[][] deviations;

    private final float[] scaled;
    private final float[] product;

    /** Mean over the time points of somatic minus basal voltage, and its pass. */
    public final NonlinearPass mean;

    /** Somatic minus basal voltage at the last point, and its pass. */
    public final NonlinearPass last;

    /** A difference of voltages in every layer and the nonlinear pass that it gives. */
    public final class NonlinearPass {
        final float[][] difference = arrays();

        /** Deviation of the basal voltage. */
        final float[][] basal = arrays();

        /** Deviation of the rate. */
        public final float[][] rate = arrays();

        private float[][] arrays() {
            float[][] out = new float[strides.length][];
            for (int i = 0; i < out.length; i++) {
                out[i] = new float[Math.multiplyExact(rows, strides[i])];
            }
            return out;
        }

        private void run(Batch batch, int first) {
            for (int i = 0; i < strides.length; i++) {
                int n = rows * strides[i];
                if (i > 0) {
                    Gemm.multiply(
                            rate[i - 1],
                            0,
                            strides[i - 1],
                            rows,
                            model.up[i],
                            basal[i],
                            0,
                            strides[i]);
                }
                for (int k = 0; k < n; k += LANES) {
                    fromArray(F, basal[i], k)
                            .add(fromArray(F, difference[i], k))
                            .intoArray(product, k);
                }
                RateDifference.write(
                        network.activation(i),
                        batch.layers[i],
                        first * strides[i],
                        product,
                        0,
                        rate[i],
                        0,
                        n);
            }
        }

        /**
         * Writes the postsynaptic factors of a layer after the pass.
         *
         * @param fromFeedforward whether the basal voltage of the rule is that of the feedforward
         *     pass
         */
        public void factor(
                DfcRule rule, Batch batch, int first, int i, boolean fromFeedforward, float[] out) {
            if (rule != DfcRule.NONLINEAR_DIFFERENCE) {
                linearFactor(rule, batch, first, i, out);
                return;
            }
            int n = rows * strides[i];
            int origin = first * strides[i];
            LayerActivity layer = batch.layers[i];
            var activation = network.activation(i);
            if (fromFeedforward) {
                RateDifference.write(activation, layer, origin, difference[i], 0, out, 0, n);
            } else if (i == 0) {
                System.arraycopy(rate[0], 0, out, 0, n);
            } else {
                RateDifference.write(activation, layer, origin, basal[i], 0, product, 0, n);
                for (int k = 0; k < n; k += LANES) {
                    fromArray(F, rate[i], k).sub(fromArray(F, product, k)).intoArray(out, k);
                }
            }
        }

        /** Writes the postsynaptic factors of a layer that are linear in the nudge. */
        public void linearFactor(DfcRule rule, Batch batch, int first, int i, float[] out) {
            int n = rows * strides[i];
            int origin = first * strides[i];
            if (rule == DfcRule.VOLTAGE_DIFFERENCE) {
                System.arraycopy(difference[i], 0, out, 0, n);
                return;
            }
            float[] slope = batch.layers[i].slope;
            for (int k = 0; k < n; k += LANES) {
                fromArray(F, difference[i], k)
                        .mul(fromArray(F, slope, origin + k))
                        .intoArray(out, k);
            }
        }
    }

    public VoltageRecovery(Model model, Dynamics dynamics, int rows) {
        this.model = model;
        this.network = model.network;
        this.rows = rows;
        int depth = network.depth();
        strides = new int[depth];
        int widest = 0;
        for (int i = 0; i < depth; i++) {
            strides[i] = Simd.stride(network.size(i));
            widest = Math.max(widest, strides[i]);
        }
        points = dynamics.timePoints();
        edge = (float) ((1 - dynamics.somaticRate()) / dynamics.somaticRate());
        int outputs = network.outputs();
        sumApplied = new float[rows * outputs];
        lagged = new float[Math.multiplyExact((depth + 1) * rows, outputs)];
        deviations = new float[depth][];
        for (int i = 0; i < depth; i++) {
            deviations[i] = new float[Math.multiplyExact((depth - i) * rows, strides[i])];
        }
        scaled = new float[Math.multiplyExact(depth * rows, widest)];
        product = new float[scaled.length];
        mean = new NonlinearPass();
        last = new NonlinearPass();
    }

    /** Recovers the voltages from {@link #sumApplied} and {@link #lagged}. */
    public void run(Batch batch, int first) {
        int outputs = network.outputs();
        for (int i = 0; i < strides.length; i++) {
            int stride = strides[i];
            int n = rows * stride;
            int orders = strides.length - i;
            float[] f = deviations[i];
            Gemm.multiply(
                    lagged,
                    rows * outputs,
                    outputs,
                    orders * rows,
                    model.feedback[i],
                    f,
                    0,
                    stride);
            if (i > 0) {
                scaleBelow(batch, first, i, orders + 1);
                Gemm.multiply(
                        scaled,
                        0,
                        strides[i - 1],
                        (orders + 1) * rows,
                        model.up[i],
                        product,
                        0,
                        stride);
                // The first block is what the last point's own basal voltage is made of.
                for (int k = 0; k < orders * n; k += LANES) {
                    fromArray(F, f, k).add(fromArray(F, product, n + k)).intoArray(f, k);
                }
            }
            float[] difference = last.difference[i];
            if (i == 0) {
                System.arraycopy(f, 0, difference, 0, n);
            }
            for (int k = 0; i > 0 && k < n; k += LANES) {
                fromArray(F, f, k).sub(fromArray(F, product, k)).intoArray(difference, k);
            }
            float[] average = mean.difference[i];
            Gemm.multiply(sumApplied, 0, outputs, rows, model.feedback[i], average, 0, stride);
            FloatVector factor = FloatVector.broadcast(F, 1f / points);
            FloatVector late = FloatVector.broadcast(F, -edge);
            for (int k = 0; k < n; k += LANES) {
                fromArray(F, f, k)
                        .fma(late, fromArray(F, average, k))
                        .mul(factor)
                        .intoArray(average, k);
            }
        }
    }

    /** {@code D_(i-1)} times the deviations of the layer below. */
    private void scaleBelow(Batch batch, int first, int i, int orders) {
        int n = rows * strides[i - 1];
        float[] slope = batch.layers[i - 1].slope;
        int origin = first * strides[i - 1];
        float[] f = deviations[i - 1];
        for (int q = 0; q < orders; q++) {
            for (int k = 0; k < n; k += LANES) {
                fromArray(F, f, q * n + k)
                        .mul(fromArray(F, slope, origin + k))
                        .intoArray(scaled, q * n + k);
            }
        }
    }

    public void passMean(Batch batch, int first) {
        mean.run(batch, first);
    }

    public void passLast(Batch batch, int first) {
        last.run(batch, first);
    }
}
