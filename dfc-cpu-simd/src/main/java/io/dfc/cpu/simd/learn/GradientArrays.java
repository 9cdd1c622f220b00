package io.dfc.cpu.simd.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A gradient of weights and biases: row-major arrays without padding. */
public final class GradientArrays {
    private final Network network;
    final float[][] w;
    final float[][] b;

    /** Weights, then biases. */
    public final float[][] all;

    public GradientArrays(Network network) {
        this.network = network;
        w = new float[network.depth()][];
        b = new float[network.bias() ? network.depth() : 0][];
        for (int i = 0; i < w.length; i++) {
            w[i] = new float[Math.multiplyExact(network.size(i), network.fanIn(i))];
            if (network.bias()) {
                b[i] = new float[network.size(i)];
            }
        }
        all = joined(w, b);
    }

    /** Both lists in one. */
    static float[][] joined(float[][] a, float[][] b) {
        float[][] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    public void clear() {
        for (float[] x : all) {
            Arrays.fill(x, 0f);
        }
    }

    /** Adds {@code factor} times a padded weight gradient whose rows are {@code stride} apart. */
    public void addWeights(int layer, float factor, float[] padded, int stride) {
        int rows = network.size(layer);
        int columns = network.fanIn(layer);
        float[] to = w[layer];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[r * columns + c] += factor * padded[r * stride + c];
            }
        }
    }

    /** Adds {@code factor} times the sum of some rows of postsynaptic factors to the biases. */
    public void addBias(int layer, float factor, float[] postsynaptic, int stride, int rows) {
        if (b.length == 0) {
            return;
        }
        float[] to = b[layer];
        for (int j = 0; j < to.length; j++) {
            double sum = 0;
            for (int s = 0; s < rows; s++) {
                sum += postsynaptic[s * stride + j];
            }
            to[j] += (float) (factor * sum);
        }
    }

    /** Sets some biases to {@code factor} times the sum of the rows of postsynaptic factors. */
    void setBias(
            int layer, float factor, float[] postsynaptic, int stride, int rows, int from, int to) {
        float[] out = b[layer];
        for (int j = from; j < to; j++) {
            double sum = 0;
            for (int s = 0; s < rows; s++) {
                sum += postsynaptic[s * stride + j];
            }
            out[j] = (float) (factor * sum);
        }
    }

    public void clip(Clipping clipping) {
        switch (clipping) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> clipEach(max, all);
            case Clipping.PerLayer(double max) -> {
                for (int i = 0; i < w.length; i++) {
                    float factor = (float) Clipping.factor(max, norm(i));
                    scale(w[i], factor);
                    if (b.length > 0) {
                        scale(b[i], factor);
                    }
                }
            }
            case Clipping.Joint(double max) -> clipJointly(max, all);
        }
    }

    /** Clips the norm of each array. */
    public static void clipEach(double max, float[][] arrays) {
        for (float[] x : arrays) {
            scale(x, (float) Clipping.factor(max, Math.sqrt(sumOfSquares(x))));
        }
    }

    /** Clips the joint norm of some arrays. */
    public static void clipJointly(double max, float[][] arrays) {
        double sum = 0;
        for (float[] x : arrays) {
            sum += sumOfSquares(x);
        }
        float factor = (float) Clipping.factor(max, Math.sqrt(sum));
        for (float[] x : arrays) {
            scale(x, factor);
        }
    }

    private static void scale(float[] x, float factor) {
        if (factor < 1) {
            for (int i = 0; i < x.length; i++) {
                x[i] *= factor;
            }
        }
    }

    public static double sumOfSquares(float[] x) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        // Four independent sums, so that additions overlap.
        for (; i + 3 < x.length; i += 4) {
            s0 += (double) x[i] * x[i];
            s1 += (double) x[i + 1] * x[i + 1];
            s2 += (double) x[i + 2] * x[i + 2];
            s3 += (double) x[i + 3] * x[i + 3];
        }
        for (; i < x.length; i++) {
            s0 += (double) x[i] * x[i];
        }
        return s0 + s1 + (s2 + s3);
    }

    public double norm(int layer) {
        double sum = sumOfSquares(w[layer]);
        return Math.sqrt(b.length == 0 ? sum : sum + sumOfSquares(b[layer]));
    }

    public Parameters toParameters() {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < w.length; i++) {
            weights.add(Tensor.wrap(w[i].clone(), network.size(i), network.fanIn(i)));
            if (network.bias()) {
                biases.add(Tensor.wrap(b[i].clone(), network.size(i)));
            }
        }
        return Parameters.of(weights, biases);
    }
}
