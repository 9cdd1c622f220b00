package io.dfc.cpu.simd.reduced;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;

import java.util.Arrays;

/** Sums over some samples from which feedback weights learn in output space. */
public final class OutputSpaceFeedbackSums {
    private final int stride;

    /**
     * {@code sum v_fb u^T} without the part of the apical voltages that is {@code Q a}, padded
     * [n_i, n_L].
     */
    public final float[][] sums;

    /**
     * {@code sum a u^T} with the filtered control {@code a}, [n_L, n_L]; {@code Q} times it is the
     * rest.
     */
    final float[] products;

    public OutputSpaceFeedbackSums(Network network) {
        stride = Simd.stride(network.outputs());
        sums = new float[network.depth()][];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = new float[Simd.roundUp(network.size(i), Simd.BLOCK) * stride];
        }
        products = new float[network.outputs() * network.outputs()];
    }

    public void clear() {
        for (float[] sum : sums) {
            Arrays.fill(sum, 0f);
        }
        Arrays.fill(products, 0f);
    }

    public void add(OutputSpaceFeedbackSums other) {
        for (int i = 0; i < sums.length; i++) {
            add(sums[i], other.sums[i]);
        }
        add(products, other.products);
    }

    private static void add(float[] sum, float[] x) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += x[k];
        }
    }

    /** Adds the rest, {@code Q sum a u^T}. */
    public void addFeedback(Model model) {
        int outputs = model.network.outputs();
        for (int i = 0; i < sums.length; i++) {
            float[] q = model.q[i];
            for (int n = 0; n < model.network.size(i); n++) {
                for (int j = 0; j < outputs; j++) {
                    float x = q[n * outputs + j];
                    for (int k = 0; k < outputs; k++) {
                        sums[i][n * stride + k] += x * products[j * outputs + k];
                    }
                }
            }
        }
    }
}
