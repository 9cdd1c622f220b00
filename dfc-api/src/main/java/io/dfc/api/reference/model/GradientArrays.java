package io.dfc.api.reference.model;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A gradient of weights and biases, one pair of arrays per layer. */
public final class GradientArrays {
    private final Network network;
    final double[][] w;
    final double[][] b;

    public GradientArrays(Network network) {
        this.network = network;
        w = new double[network.depth()][];
        b = new double[network.bias() ? network.depth() : 0][];
        for (int i = 0; i < w.length; i++) {
            w[i] = new double[network.size(i) * network.fanIn(i)];
            if (network.bias()) {
                b[i] = new double[network.size(i)];
            }
        }
    }

    /** Adds {@code factor * sum over samples of s p^T}, and {@code factor * s} to the bias. */
    public void addProduct(
            int layer, double factor, double[] postsynaptic, double[] presynaptic, int sample) {
        int size = network.size(layer);
        int fanIn = network.fanIn(layer);
        Buffers.addOuter(
                w[layer],
                factor,
                postsynaptic,
                sample * size,
                size,
                presynaptic,
                sample * fanIn,
                fanIn);
        addBias(layer, factor, postsynaptic, sample);
    }

    void addBias(int layer, double factor, double[] postsynaptic, int sample) {
        if (network.bias()) {
            int size = network.size(layer);
            for (int n = 0; n < size; n++) {
                b[layer][n] += factor * postsynaptic[sample * size + n];
            }
        }
    }

    public void add(double factor, GradientArrays other) {
        for (int i = 0; i < w.length; i++) {
            Buffers.add(w[i], factor, other.w[i]);
        }
        for (int i = 0; i < b.length; i++) {
            Buffers.add(b[i], factor, other.b[i]);
        }
    }

    void clear() {
        for (double[] x : w) {
            Arrays.fill(x, 0);
        }
        for (double[] x : b) {
            Arrays.fill(x, 0);
        }
    }

    public void clip(Clipping clipping) {
        switch (clipping) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> {
                for (double[] x : w) {
                    clipGroup(max, List.of(x));
                }
                for (double[] x : b) {
                    clipGroup(max, List.of(x));
                }
            }
            case Clipping.PerLayer(double max) -> {
                for (int i = 0; i < w.length; i++) {
                    clipGroup(max, b.length == 0 ? List.of(w[i]) : List.of(w[i], b[i]));
                }
            }
            case Clipping.Joint(double max) -> clipGroup(max, arrays());
        }
    }

    /** Bounds the joint norm of some arrays. */
    public static void clipGroup(double max, List<double[]> group) {
        double sum = 0;
        for (double[] x : group) {
            sum += Buffers.sumOfSquares(x, 0, x.length);
        }
        double factor = Clipping.factor(max, Math.sqrt(sum));
        for (double[] x : group) {
            for (int i = 0; i < x.length; i++) {
                x[i] *= factor;
            }
        }
    }

    /** Weights, then biases. */
    public List<double[]> arrays() {
        List<double[]> all = new ArrayList<>(Arrays.asList(w));
        all.addAll(Arrays.asList(b));
        return all;
    }

    public double norm(int layer) {
        double sum = Buffers.sumOfSquares(w[layer], 0, w[layer].length);
        return Math.sqrt(
                b.length == 0 ? sum : sum + Buffers.sumOfSquares(b[layer], 0, b[layer].length));
    }

    public Parameters toParameters() {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < w.length; i++) {
            weights.add(Tensor.of(w[i], network.size(i), network.fanIn(i)));
            if (network.bias()) {
                biases.add(Tensor.of(b[i], network.size(i)));
            }
        }
        return Parameters.of(weights, biases);
    }
}
