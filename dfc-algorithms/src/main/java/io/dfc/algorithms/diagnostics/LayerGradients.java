package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums outer products of postsynaptic factors and presynaptic rates into gradients, row by row of
 * the weights once all are there: a row stays in the cache, which a whole matrix does not.
 */
final class LayerGradients {
    private final Network network;
    private final List<List<Outer>> layers = new ArrayList<>();

    /** An outer product {@code s p^T}. */
    private record Outer(double[] postsynaptic, double[] presynaptic) {}

    LayerGradients(Network network) {
        this.network = network;
        for (int i = 0; i < network.depth(); i++) {
            layers.add(new ArrayList<>());
        }
    }

    /**
     * Adds {@code factor s p^T} to a layer, and {@code factor s} to its biases.
     *
     * @param layer layer, from 0
     * @param factor factor
     * @param s postsynaptic factor of a sample
     * @param presynaptic presynaptic rates of all samples
     * @param sample the sample
     */
    void add(int layer, double factor, double[] s, double[] presynaptic, int sample) {
        double[] scaled = new double[s.length];
        Vectors.addScaled(scaled, factor, s);
        int fanIn = network.fanIn(layer);
        layers.get(layer)
                .add(
                        new Outer(
                                scaled,
                                Arrays.copyOfRange(
                                        presynaptic, sample * fanIn, (sample + 1) * fanIn)));
    }

    /** The sums, by group. */
    Parameters parameters() {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            weights.add(Tensor.wrap(weights(i), network.size(i), network.fanIn(i)));
            if (network.bias()) {
                biases.add(Tensor.wrap(biases(i), network.size(i)));
            }
        }
        return Parameters.of(weights, biases);
    }

    private double[] weights(int layer) {
        int fanIn = network.fanIn(layer);
        double[] all = new double[network.size(layer) * fanIn];
        for (int j = 0; j < network.size(layer); j++) {
            double[] row = new double[fanIn];
            for (Outer outer : layers.get(layer)) {
                Vectors.addScaled(row, outer.postsynaptic()[j], outer.presynaptic());
            }
            System.arraycopy(row, 0, all, j * fanIn, fanIn);
        }
        return all;
    }

    private double[] biases(int layer) {
        double[] sums = new double[network.size(layer)];
        layers.get(layer).forEach(outer -> Vectors.addScaled(sums, 1, outer.postsynaptic()));
        return sums;
    }
}
