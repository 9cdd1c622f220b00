package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.SplittableRandom;

/**
 * Cuts a data set into minibatches, in its own order or shuffled; the buffers are reused, the last
 * minibatch may be smaller.
 */
final class Batches {
    private final DataSet data;
    private final int batch;
    private final int[] order;
    private Buffer full;
    private Buffer partial;

    Batches(DataSet data, int batch) {
        this.data = data;
        this.batch = batch;
        order = new int[data.size()];
        resetOrder();
    }

    private void resetOrder() {
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
    }

    /** Shuffles anew: the same seed and sweep give the same order, whatever came before. */
    void shuffle(long seed, int sweep) {
        resetOrder();
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + sweep);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    /** Turns squared errors between targets into those that are told. */
    double lossFactor() {
        return data.lossFactor();
    }

    int count() {
        return (order.length + batch - 1) / batch;
    }

    /** The minibatch at a position, valid until the next call. */
    Minibatch get(int position) {
        int from = position * batch;
        int samples = Math.min(batch, order.length - from);
        Buffer buffer = buffer(samples);
        data.copyInputs(order, from, samples, buffer.inputs);
        if (buffer.labels != null) {
            for (int i = 0; i < samples; i++) {
                buffer.labels[i] = data.label(order[from + i]);
            }
        } else {
            data.copyTargets(order, from, samples, buffer.values);
        }
        return buffer.minibatch;
    }

    private Buffer buffer(int samples) {
        if (samples == batch) {
            full = full == null ? new Buffer(data, samples) : full;
            return full;
        }
        partial = partial == null ? new Buffer(data, samples) : partial;
        return partial;
    }

    private static final class Buffer {
        final double[] inputs;
        final int[] labels;
        final double[] values;
        final Minibatch minibatch;

        Buffer(DataSet data, int samples) {
            inputs = new double[samples * data.inputSize()];
            labels = data.classification() ? new int[samples] : null;
            values = data.classification() ? null : new double[samples * data.outputSize()];
            minibatch =
                    new Minibatch(
                            Tensor.wrap(inputs, samples, data.inputSize()),
                            labels != null
                                    ? new Targets.Labels(labels)
                                    : new Targets.Values(
                                            Tensor.wrap(values, samples, data.outputSize())));
        }
    }
}
