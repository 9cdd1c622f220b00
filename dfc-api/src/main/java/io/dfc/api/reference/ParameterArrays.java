package io.dfc.api.reference;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Precision;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Parameters of one network as plain arrays, and the products with them. */
final class ParameterArrays {
    final Network network;
    final double[][] w;
    final double[][] b;
    final double[][] q;

    /** Transposed weights: with them the inner loop of a product runs over independent sums. */
    private final double[][] transposed;

    ParameterArrays(Network network) {
        this.network = network;
        int depth = network.depth();
        w = new double[depth][];
        b = new double[network.bias() ? depth : 0][];
        q = new double[depth][];
        transposed = new double[depth][];
        for (int i = 0; i < depth; i++) {
            w[i] = new double[network.size(i) * network.fanIn(i)];
            transposed[i] = new double[w[i].length];
            q[i] = new double[network.size(i) * network.outputs()];
            if (network.bias()) {
                b[i] = new double[network.size(i)];
            }
        }
    }

    void load(Parameters parameters) {
        parameters.requireFit(network);
        for (int i = 0; i < w.length; i++) {
            parameters.weights().get(i).copyTo(w[i], 0);
            parameters.feedback().get(i).copyTo(q[i], 0);
            if (network.bias()) {
                parameters.biases().get(i).copyTo(b[i], 0);
            }
        }
        weightsChanged();
    }

    /** The parameters as phases of a precision multiply by them; these if it is full. */
    ParameterArrays at(Precision precision) {
        if (precision == Precision.FULL) {
            return this;
        }
        ParameterArrays out = new ParameterArrays(network);
        for (int i = 0; i < w.length; i++) {
            Arrays.setAll(out.w[i], weightOf(w[i], precision));
            Arrays.setAll(out.q[i], weightOf(q[i], precision));
        }
        for (int i = 0; i < b.length; i++) {
            System.arraycopy(b[i], 0, out.b[i], 0, b[i].length);
        }
        out.weightsChanged();
        return out;
    }

    private static IntToDoubleFunction weightOf(double[] weights, Precision precision) {
        return n -> precision.round(weights[n]);
    }

    /** To be called after any change of {@link #w}. */
    void weightsChanged() {
        for (int i = 0; i < w.length; i++) {
            int rows = network.size(i);
            int columns = network.fanIn(i);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    transposed[i][c * rows + r] = w[i][r * columns + c];
                }
            }
        }
    }

    Parameters toParameters() {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        List<Tensor> feedback = new ArrayList<>();
        for (int i = 0; i < w.length; i++) {
            weights.add(Tensor.of(w[i], network.size(i), network.fanIn(i)));
            feedback.add(Tensor.of(q[i], network.size(i), network.outputs()));
            if (network.bias()) {
                biases.add(Tensor.of(b[i], network.size(i)));
            }
        }
        return new Parameters(weights, biases, feedback);
    }

    /** {@code out = W_i in} for each sample. */
    void multiplyWeights(int layer, double[] in, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.fanIn(layer);
        double[] wt = transposed[layer];
        Arrays.fill(out, 0, samples * rows, 0);
        for (int s = 0; s < samples; s++) {
            for (int c = 0; c < columns; c++) {
                double x = in[s * columns + c];
                int from = c * rows;
                int to = s * rows;
                for (int r = 0; r < rows; r++) {
                    out[to + r] += wt[from + r] * x;
                }
            }
        }
    }

    /** {@code out = W_i^T in} for each sample. */
    void multiplyTransposedWeights(int layer, double[] in, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.fanIn(layer);
        Arrays.fill(out, 0, samples * columns, 0);
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < rows; r++) {
                double x = in[s * rows + r];
                int from = r * columns;
                int to = s * columns;
                for (int c = 0; c < columns; c++) {
                    out[to + c] += w[layer][from + c] * x;
                }
            }
        }
    }

    /** {@code out = Q_i u} for each sample. */
    void multiplyFeedback(int layer, double[] u, double[] out, int samples) {
        int rows = network.size(layer);
        int columns = network.outputs();
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int c = 0; c < columns; c++) {
                    sum += q[layer][r * columns + c] * u[s * columns + c];
                }
                out[s * rows + r] = sum;
            }
        }
    }
}
