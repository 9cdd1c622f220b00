package io.dfc.cpu.simd.reduced;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Model;

import java.util.Arrays;

/** What some samples of a noisy feedback phase in output space add up to. */
public final class FeedbackShare {
    private final int stride;

    /** {@code sum vfb u^T} but for what the feedback weights carry, padded [n_i, n_L]. */
    public final float[][] sums;

    /** {@code sum a u^T}: times the feedback weights, what they carry, [n_L, n_L]. */
    final float[] products;

    public FeedbackShare(Network network) {
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

    public void add(FeedbackShare other) {
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

    /** Adds what the feedback weights carry. */
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
