package io.dfc.bench.reproduce;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import java.util.stream.IntStream;

/** Samples of a regression task, copied into a minibatch. */
final class SampleCopy {
    private SampleCopy() {}

    /**
     * The first samples.
     *
     * @param data a regression task
     * @param count how many
     * @return the minibatch, in float64
     */
    static Minibatch first(DataSet data, int count) {
        int n = Math.min(count, data.size());
        int[] order = IntStream.range(0, n).toArray();
        double[] inputs = new double[n * data.inputSize()];
        double[] targets = new double[n * data.outputSize()];
        data.copyInputs(order, 0, n, new Rows.F64(inputs, data.inputSize(), data.inputSize()));
        data.copyTargets(order, 0, n, new Rows.F64(targets, data.outputSize(), data.outputSize()));
        return new Minibatch(
                Tensor.wrap(inputs, n, data.inputSize()),
                new Targets.Values(Tensor.wrap(targets, n, data.outputSize())));
    }
}
