package io.dfc.cpu.simd;

import io.dfc.api.network.Network;

import java.util.Arrays;

/**
 * Weight gradients as sums of outer products over a whole minibatch, shared out among the threads
 * by rows.
 */
final class OuterProducts {
    private static final int ROWS_PER_TASK = 32;

    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final float[][] padded;

    OuterProducts(Network network, Batch batch, Workers workers) {
        this.network = network;
        this.batch = batch;
        this.workers = workers;
        padded = new float[network.depth()][];
    }

    /**
     * Adds {@code factor * sum_b s_b p_b^T} and the sum of the signals to a gradient.
     *
     * @param signal padded [samples, n_i]
     * @param presynaptic padded [samples, n_(i-1)]
     */
    void add(int layer, float factor, float[] signal, float[] presynaptic, GradientArrays out) {
        int rows = Simd.roundUp(network.size(layer), Simd.BLOCK);
        int stride = batch.presynapticStride(layer);
        if (padded[layer] == null) {
            padded[layer] = new float[Math.multiplyExact(rows, stride)];
        }
        float[] g = padded[layer];
        Arrays.fill(g, 0f);
        int signalStride = batch.layers[layer].stride;
        int samples = batch.samples;
        workers.run(
                (rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK,
                task -> {
                    int from = task * ROWS_PER_TASK;
                    int to = Math.min(rows, from + ROWS_PER_TASK);
                    Gemm.addOuter(
                            signal, 0, signalStride, presynaptic, 0, stride, samples, from, to, g);
                });
        out.addWeights(layer, factor, g, stride);
        out.addBias(layer, factor, signal, signalStride, samples);
    }
}
