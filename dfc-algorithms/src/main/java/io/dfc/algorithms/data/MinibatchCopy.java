package io.dfc.algorithms.data;

import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import java.util.stream.IntStream;

/**
 * Samples copied into float64 tensors: for what looks at a few. Training gathers them where the
 * engine reads them.
 */
public final class MinibatchCopy {
    private MinibatchCopy() {}

    /**
     * Copies samples with their targets.
     *
     * @param data where they come from
     * @param indices samples, from 0
     * @param from position of the first in {@code indices}
     * @param count number of samples, at least 1
     * @return the samples
     */
    public static Minibatch of(DataSet data, int[] indices, int from, int count) {
        Tensor inputs = Tensor.zeros(ElementType.F64, count, data.inputSize());
        data.copyInputs(indices, from, count, Rows.of(inputs));
        return new Minibatch(inputs, targets(data, indices, from, inputs));
    }

    private static Targets targets(DataSet data, int[] indices, int from, Tensor inputs) {
        int count = inputs.dim(0);
        if (data.classification()) {
            int[] labels = new int[count];
            data.copyLabels(indices, from, count, labels);
            return new Targets.Labels(labels);
        }
        if (data.autoencoder()) {
            return new Targets.Values(inputs);
        }
        Tensor targets = Tensor.zeros(ElementType.F64, count, data.outputSize());
        data.copyTargets(indices, from, count, Rows.of(targets));
        return new Targets.Values(targets);
    }

    /**
     * Copies the first samples.
     *
     * @param data where they come from
     * @param count how many; all, if there are fewer
     * @return the samples
     */
    public static Minibatch first(DataSet data, int count) {
        int n = Math.min(count, data.size());
        return of(data, IntStream.range(0, n).toArray(), 0, n);
    }
}
