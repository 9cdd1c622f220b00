package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** Sums outer products of postsynaptic factors and presynaptic rates into gradients. */
final class LayerGradients {
    private final Network network;
    private final List<double[]> weights = new ArrayList<>();
    private final List<double[]> biases = new ArrayList<>();

    LayerGradients(Network network) {
        this.network = network;
        for (int i = 0; i < network.depth(); i++) {
            weights.add(new double[network.size(i) * network.fanIn(i)]);
            if (network.bias()) {
                biases.add(new double[network.size(i)]);
            }
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
        double[] w = weights.get(layer);
        int fanIn = network.fanIn(layer);
        for (int j = 0; j < s.length; j++) {
            double scaled = factor * s[j];
            for (int k = 0; k < fanIn; k++) {
                w[j * fanIn + k] += scaled * presynaptic[sample * fanIn + k];
            }
            if (network.bias()) {
                biases.get(layer)[j] += scaled;
            }
        }
    }

    /** The sums, by group. */
    Parameters parameters() {
        List<Tensor> w = new ArrayList<>();
        List<Tensor> b = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            w.add(Tensor.wrap(weights.get(i), network.size(i), network.fanIn(i)));
            if (network.bias()) {
                b.add(Tensor.wrap(biases.get(i), network.size(i)));
            }
        }
        return Parameters.of(w, b);
    }
}
