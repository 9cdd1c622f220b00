package io.dfc.api.reference.model;

import io.dfc.api.network.Network;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;

/** The feedforward pass of some samples. */
public final class Activity {
    public final int samples;
    public final double[] input;
    public final double[][] v;
    public final double[][] r;

    private Activity(int samples, double[] input, double[][] v, double[][] r) {
        this.samples = samples;
        this.input = input;
        this.v = v;
        this.r = r;
    }

    static Activity of(ParameterArrays parameters, Tensor inputs) {
        Network network = parameters.network;
        int samples = inputs.dim(0);
        double[] input = inputs.toDoubles();
        double[][] v = Buffers.perLayer(network, samples);
        double[][] r = Buffers.perLayer(network, samples);
        for (int i = 0; i < network.depth(); i++) {
            parameters.multiplyWeights(i, i == 0 ? input : r[i - 1], v[i], samples);
            int size = network.size(i);
            for (int at = 0; at < samples * size; at++) {
                if (network.bias()) {
                    v[i][at] += parameters.b[i][at % size];
                }
                r[i][at] = network.activation(i).value(v[i][at]);
            }
        }
        return new Activity(samples, input, v, r);
    }

    /** One sample of this pass. */
    public Activity sample(Network network, int s) {
        double[][] vs = new double[v.length][];
        double[][] rs = new double[v.length][];
        for (int i = 0; i < v.length; i++) {
            vs[i] = row(v[i], s, network.size(i));
            rs[i] = row(r[i], s, network.size(i));
        }
        return new Activity(1, row(input, s, network.inputs()), vs, rs);
    }

    /** Feedforward rates that enter a layer. */
    public double[] presynaptic(int layer) {
        return layer == 0 ? input : r[layer - 1];
    }

    public double[] output() {
        return r[r.length - 1];
    }

    public static double[] row(double[] matrix, int row, int width) {
        return Arrays.copyOfRange(matrix, row * width, (row + 1) * width);
    }
}
