package io.dfc.bench.measure;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random samples of a network: inputs uniform in [0, 1], and labels, or for an autoencoder the
 * inputs themselves as targets. The same on every machine.
 *
 * @param data the samples
 */
public record BenchSamples(DataSet data) {
    private static final int SAMPLES = 128;
    private static final long SEED = 42;

    static BenchSamples draw(BenchNetwork network) {
        Random random = new Random(SEED);
        double[] inputs = random.doubles((long) SAMPLES * network.inputs()).toArray();
        return new BenchSamples(
                network.reconstructs()
                        ? DataSet.regression(
                                network.label(),
                                inputs,
                                network.inputs(),
                                inputs,
                                network.outputs())
                        : DataSet.classification(
                                network.label(),
                                inputs,
                                network.inputs(),
                                random.ints(SAMPLES, 0, network.outputs()).toArray(),
                                network.outputs()));
    }

    /** A minibatch; samples repeat where it is larger than the set. */
    Minibatch minibatch(int batch) {
        int[] order = IntStream.range(0, batch).map(b -> b % SAMPLES).toArray();
        double[] inputs = new double[batch * data.inputSize()];
        data.copyInputs(order, 0, batch, inputs);
        Targets targets;
        if (data.classification()) {
            int[] labels = new int[batch];
            data.copyLabels(order, 0, batch, labels);
            targets = new Targets.Labels(labels);
        } else {
            double[] values = new double[batch * data.outputSize()];
            data.copyTargets(order, 0, batch, values);
            targets = new Targets.Values(Tensor.wrap(values, batch, data.outputSize()));
        }
        return new Minibatch(Tensor.wrap(inputs, batch, data.inputSize()), targets);
    }
}
