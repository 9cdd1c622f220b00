package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;

import java.util.SplittableRandom;

/**
 * Cuts a data set into minibatches, in its own order or shuffled; the buffers are reused, the last
 * minibatch may be smaller.
 */
final class Minibatches {
    private final DataSet data;
    private final int batch;
    private final int[] order;
    private final Engine engine;
    private MinibatchBuffer full;
    private MinibatchBuffer partial;

    Minibatches(DataSet data, Engine engine) {
        this.data = data;
        this.engine = engine;
        batch = engine.plan().maxBatch();
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

    /** Factor from squared errors between targets to those in the unit of the user. */
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
        return buffer(samples).gather(order, from);
    }

    private MinibatchBuffer buffer(int samples) {
        if (samples == batch) {
            full = full == null ? new MinibatchBuffer(data, samples, engine) : full;
            return full;
        }
        partial = partial == null ? new MinibatchBuffer(data, samples, engine) : partial;
        return partial;
    }
}
