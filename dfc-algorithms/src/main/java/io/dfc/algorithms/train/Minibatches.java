package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.tensor.Tensor;

import java.util.SplittableRandom;

/**
 * Cuts a data set into minibatches, in its own order or shuffled; the last minibatch may be
 * smaller.
 */
final class Minibatches {
    private final DataSet data;
    private final int batch;
    private final int last;

    /** Whether some outputs stand for no class. */
    private final boolean aux;

    private final int[] order;
    private final MinibatchGatherer gatherer;

    Minibatches(DataSet data, Engine engine) {
        this.data = data;
        gatherer = new MinibatchGatherer(data, engine);
        batch = engine.plan().maxBatch();
        last = engine.plan().network().depth() - 1;
        aux = data.classification() && data.outputSize() < engine.plan().network().outputs();
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

    /**
     * Samples of a minibatch that are classified rightly, by the outputs that stand for classes.
     *
     * @param position position of the minibatch
     * @param result its feedforward pass
     */
    int correct(int position, ForwardResult result) {
        return aux ? correctAmongClasses(position * batch, result) : result.correct();
    }

    private int correctAmongClasses(int from, ForwardResult result) {
        Tensor outputs = result.rate(last);
        int width = outputs.dim(1);
        int right = 0;
        for (int s = 0; s < result.samples(); s++) {
            int best = 0;
            for (int j = 1; j < data.outputSize(); j++) {
                boolean more = outputs.get(s * width + j) > outputs.get(s * width + best);
                best = more ? j : best;
            }
            right += best == data.label(order[from + s]) ? 1 : 0;
        }
        return right;
    }

    /** The minibatch at a position, for one pass of the engine. */
    SampleBuffer get(int position) {
        int from = position * batch;
        return gatherer.gather(order, from, Math.min(batch, order.length - from));
    }

    /** A copy of the minibatch at a position, in float64, which leaves the engine's pass alone. */
    Minibatch copy(int position) {
        int from = position * batch;
        return MinibatchCopy.of(data, order, from, Math.min(batch, order.length - from));
    }
}
