package io.dfc.bench.measure;

import io.dfc.algorithms.data.DataSet;

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
                                .asAutoencoder(network.label())
                        : DataSet.classification(
                                network.label(),
                                inputs,
                                network.inputs(),
                                random.ints(SAMPLES, 0, network.outputs()).toArray(),
                                network.outputs()));
    }

    /** The samples of a minibatch; they repeat where it is larger than the set. */
    int[] minibatch(int batch) {
        return IntStream.range(0, batch).map(b -> b % SAMPLES).toArray();
    }
}
