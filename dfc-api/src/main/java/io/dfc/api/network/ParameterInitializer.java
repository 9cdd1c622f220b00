package io.dfc.api.network;

import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws the parameters with which training starts: random weights, biases, and feedback weights.
 */
public final class ParameterInitializer {
    private ParameterInitializer() {}

    /**
     * Draws parameters.
     *
     * @param network the network
     * @param forward distribution of the forward weights
     * @param feedback initialisation of the feedback weights
     * @param seed seed of the run; the same seed gives the same parameters on every machine
     * @return float64 parameters
     */
    public static Parameters draw(
            Network network, Initialization forward, FeedbackInitialization feedback, long seed) {
        Parameters drawn = drawForward(network, forward, seed);
        List<Tensor> weights = drawn.weights();
        return Parameters.of(
                weights, drawn.biases(), drawFeedback(network, feedback, weights, seed));
    }

    /**
     * Draws parameters without feedback weights; weights and biases are those of {@link #draw}.
     *
     * @param network the network
     * @param forward distribution of the forward weights
     * @param seed seed of the run; the same seed gives the same parameters on every machine
     * @return float64 parameters
     */
    public static Parameters drawForward(Network network, Initialization forward, long seed) {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            weights.add(forward.draw(network.size(i), network.fanIn(i), seed, i));
            if (network.bias()) {
                biases.add(forward.drawBiases(network.size(i), network.fanIn(i), seed, i));
            }
        }
        return Parameters.of(weights, biases);
    }

    private static List<Tensor> drawFeedback(
            Network network, FeedbackInitialization feedback, List<Tensor> weights, long seed) {
        int depth = network.depth();
        int outputs = network.outputs();
        Tensor[] q = new Tensor[depth];
        q[depth - 1] = identity(outputs);
        Tensor product = q[depth - 1];
        for (int i = depth - 2; i >= 0; i--) {
            int tag = depth + i;
            switch (feedback) {
                case FeedbackInitialization.Random(Initialization initialization) ->
                        q[i] = initialization.draw(network.size(i), outputs, seed, tag);
                case FeedbackInitialization.WeightProduct(double noise) -> {
                    product = transposedTimes(weights.get(i + 1), product);
                    q[i] = product.copy();
                    if (noise > 0) {
                        addNoise(q[i].doubles(), seed, tag, noise);
                    }
                }
            }
        }
        return List.of(q);
    }

    private static void addNoise(double[] values, long seed, int tag, double sigma) {
        double[] noise = new double[values.length];
        Initialization.fillNormal(noise, seed, tag, sigma);
        for (int i = 0; i < values.length; i++) {
            values[i] += noise[i];
        }
    }

    private static Tensor identity(int n) {
        double[] values = new double[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return Tensor.wrap(values, n, n);
    }

    /** {@code W^T Q}. */
    private static Tensor transposedTimes(Tensor w, Tensor q) {
        int rows = w.dim(1);
        int inner = w.dim(0);
        int columns = q.dim(1);
        double[] out = new double[rows * columns];
        for (int k = 0; k < inner; k++) {
            for (int i = 0; i < rows; i++) {
                double x = w.get(k * rows + i);
                for (int j = 0; j < columns; j++) {
                    out[i * columns + j] += x * q.get(k * columns + j);
                }
            }
        }
        return Tensor.wrap(out, rows, columns);
    }
}
