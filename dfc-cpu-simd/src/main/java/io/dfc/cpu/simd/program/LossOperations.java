package io.dfc.cpu.simd.program;

import io.dfc.api.network.Loss;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.kernel.Softmax;
import io.dfc.cpu.simd.model.Batch;

/**
 * Losses of buffers of a program and their gradients; few numbers, so float64 throughout. Each
 * share of the minibatch has its own, with its working memory.
 */
final class LossOperations {
    private final Batch batch;
    private final Loss kind;
    private final int outputs;
    private final double[] y;
    private final double[] logSums;
    private final Softmax softmax;

    private LossOperations(Batch batch, Loss kind, int outputs) {
        this.batch = batch;
        this.kind = kind;
        this.outputs = outputs;
        int rows = Math.min(batch.capacity, 2 * Simd.TILE);
        y = new double[rows * outputs];
        logSums = new double[rows];
        softmax = new Softmax(y.length);
    }

    private static LossOperations[] ofShares(Batch batch, Loss kind, int outputs) {
        LossOperations[] all = new LossOperations[batch.capacity / Simd.TILE];
        for (int i = 0; i < all.length; i++) {
            all[i] = new LossOperations(batch, kind, outputs);
        }
        return all;
    }

    /** Gradient of the mean loss at some outputs; a copy if they are those of the forward pass. */
    @SuppressWarnings("ReferenceEquality") // asks whether it is the very array of the pass
    static RowOperation gradient(Batch batch, Loss kind, BufferRows out, BufferRows of) {
        if (of.data() == batch.last().r) {
            return (task, first, rows, round) -> copyGradient(batch, out, first, rows);
        }
        LossOperations[] shares = ofShares(batch, kind, of.width());
        return (task, first, rows, round) -> shares[task].writeGradient(out, of, first, rows);
    }

    /** Loss of every sample at some outputs. */
    static RowOperation perSample(Batch batch, Loss kind, BufferRows out, BufferRows of) {
        LossOperations[] shares = ofShares(batch, kind, of.width());
        return (task, first, rows, round) -> shares[task].writeLosses(out, of, first, rows);
    }

    /** Targets as values; rows beyond the samples are zero. */
    static RowOperation targets(Batch batch, BufferRows out) {
        return (task, first, rows, round) -> copy(batch, batch.targets, out, first, rows);
    }

    private static void copyGradient(Batch batch, BufferRows out, int first, int rows) {
        copy(batch, batch.lossGradient, out, first, rows);
    }

    private static void copy(Batch batch, double[] from, BufferRows out, int first, int rows) {
        out.clear(first, rows);
        int width = out.width();
        for (int s = first; s < Math.min(first + rows, batch.samples); s++) {
            for (int j = 0; j < width; j++) {
                out.data()[s * out.stride() + j] = (float) from[s * width + j];
            }
        }
    }

    /** Copies the outputs of a share. */
    private int take(BufferRows of, int first, int rows) {
        int count = Math.min(rows, batch.samples - first);
        for (int s = 0; s < count; s++) {
            for (int j = 0; j < outputs; j++) {
                y[s * outputs + j] = of.data()[(first + s) * of.stride() + j];
            }
        }
        return count;
    }

    private void writeGradient(BufferRows out, BufferRows of, int first, int rows) {
        int count = take(of, first, rows);
        if (kind == Loss.CROSS_ENTROPY) {
            softmax.apply(y, count, outputs, null);
        }
        out.clear(first, rows);
        for (int s = 0; s < count; s++) {
            int target = (first + s) * outputs;
            int to = (first + s) * out.stride();
            double weight = 0;
            for (int j = 0; j < outputs; j++) {
                weight += batch.targets[target + j];
            }
            for (int j = 0; j < outputs; j++) {
                double own = y[s * outputs + j];
                double wanted = batch.targets[target + j];
                double gradient =
                        switch (kind) {
                            case CROSS_ENTROPY -> (weight * own - wanted) / batch.samples;
                            case MEAN_SQUARED_ERROR ->
                                    2 * (own - wanted) / ((double) batch.samples * outputs);
                        };
                out.data()[to + j] = (float) gradient;
            }
        }
    }

    private void writeLosses(BufferRows out, BufferRows of, int first, int rows) {
        int count = take(of, first, rows);
        if (kind == Loss.CROSS_ENTROPY) {
            softmax.apply(y, count, outputs, logSums);
        }
        out.clear(first, rows);
        for (int s = 0; s < count; s++) {
            int target = (first + s) * outputs;
            int from = (first + s) * of.stride();
            double sum = 0;
            for (int j = 0; j < outputs; j++) {
                double own = of.data()[from + j];
                double wanted = batch.targets[target + j];
                sum +=
                        switch (kind) {
                            case CROSS_ENTROPY -> wanted * (logSums[s] - own);
                            case MEAN_SQUARED_ERROR -> (own - wanted) * (own - wanted) / outputs;
                        };
            }
            out.data()[(first + s) * out.stride()] = (float) sum;
        }
    }
}
