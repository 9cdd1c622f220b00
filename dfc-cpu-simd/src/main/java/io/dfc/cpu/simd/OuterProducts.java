package io.dfc.cpu.simd;

import io.dfc.api.network.Network;

import java.util.Arrays;
import java.util.function.IntConsumer;

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

    /** Layer and first row of every task, the tasks of the first layer first. */
    private final int[] taskLayer;

    private final int[] taskRow;

    /** Number of tasks up to and with a layer. */
    private final int[] taskEnd;

    private final IntConsumer task = this::runTask;

    // What the tasks in flight work on.
    private float factor;
    private float[][] signals;
    private float[][] rates;
    private GradientArrays out;

    OuterProducts(Network network, Batch batch, Workers workers) {
        this.network = network;
        this.batch = batch;
        this.workers = workers;
        int depth = network.depth();
        padded = new float[depth][];
        taskEnd = new int[depth];
        int count = 0;
        for (int i = 0; i < depth; i++) {
            int rows = Simd.roundUp(network.size(i), Simd.BLOCK);
            padded[i] = new float[Math.multiplyExact(rows, batch.presynapticStride(i))];
            count += (rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
            taskEnd[i] = count;
        }
        taskLayer = new int[count];
        taskRow = new int[count];
        for (int i = 0, t = 0; i < depth; i++) {
            for (int row = 0; t < taskEnd[i]; t++, row += ROWS_PER_TASK) {
                taskLayer[t] = i;
                taskRow[t] = row;
            }
        }
    }

    /**
     * Writes {@code factor * sum_b s_b p_b^T} and {@code factor * sum_b s_b} of the first layers.
     *
     * @param layers number of layers
     * @param signal per layer, padded [samples, n_i]
     * @param presynaptic per layer, padded [samples, n_(i-1)]; null for those of the feedforward
     *     pass
     * @param gradient written
     */
    void write(
            int layers,
            float scale,
            float[][] signal,
            float[][] presynaptic,
            GradientArrays gradient) {
        factor = scale;
        signals = signal;
        rates = presynaptic;
        out = gradient;
        workers.run(taskEnd[layers - 1], task);
    }

    private void runTask(int t) {
        int layer = taskLayer[t];
        int from = taskRow[t];
        int size = network.size(layer);
        int to = Math.min(Simd.roundUp(size, Simd.BLOCK), from + ROWS_PER_TASK);
        int columns = network.fanIn(layer);
        int stride = batch.presynapticStride(layer);
        float[] own = rates == null ? null : rates[layer];
        float[] presynaptic = own == null ? batch.presynaptic(layer) : own;
        float[] g = padded[layer];
        Arrays.fill(g, from * stride, to * stride, 0f);
        int signalStride = batch.layers[layer].stride;
        float[] signal = signals[layer];
        OuterKernel.add(
                signal,
                0,
                signalStride,
                presynaptic,
                0,
                stride,
                batch.samples,
                from,
                to,
                columns,
                g,
                0);
        int end = Math.min(size, to);
        float scale = factor;
        float[] w = out.w[layer];
        for (int r = from; r < end; r++) {
            int at = r * columns;
            int pad = r * stride;
            for (int c = 0; c < columns; c++) {
                w[at + c] = scale * g[pad + c];
            }
        }
        if (network.bias()) {
            out.setBias(layer, scale, signal, signalStride, batch.samples, from, end);
        }
    }
}
