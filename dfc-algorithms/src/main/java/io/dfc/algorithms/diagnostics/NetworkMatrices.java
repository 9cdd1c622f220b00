package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * The parameters of a network as matrices in float64.
 *
 * @param network the network
 * @param weights {@code W_i}, [n_i, n_(i-1)]
 * @param biases {@code b_i}; empty for a network without biases
 * @param feedback {@code Q_i}, [n_i, n_L]; empty where there are no feedback weights
 */
public record NetworkMatrices(
        Network network, List<Matrix> weights, List<double[]> biases, List<Matrix> feedback) {
    /** Copies the lists. */
    public NetworkMatrices {
        weights = List.copyOf(weights);
        biases = List.copyOf(biases);
        feedback = List.copyOf(feedback);
    }

    /**
     * Copies parameters.
     *
     * @param network the network
     * @param parameters its parameters; groups other than {@code W}, {@code b} and {@code Q} are
     *     not read
     * @return the matrices
     * @throws io.dfc.api.error.ShapeMismatchException if they do not fit the network
     */
    public static NetworkMatrices of(Network network, Parameters parameters) {
        parameters.requireFit(network);
        return new NetworkMatrices(
                network,
                parameters.weights().stream().map(Matrix::of).toList(),
                parameters.biases().stream().map(Tensor::toDoubles).toList(),
                parameters.feedback().stream().map(Matrix::of).toList());
    }

    /** {@return whether there are feedback weights} */
    public boolean hasFeedback() {
        return !feedback.isEmpty();
    }

    /**
     * {@return the rows of all {@code Q_i}, one under the other: {@code Q}, [N, n_L]}
     *
     * @throws IllegalStateException if there are no feedback weights
     */
    public Matrix stackedFeedback() {
        if (!hasFeedback()) {
            throw new IllegalStateException("the network has no feedback weights Q");
        }
        Matrix stacked = Matrix.zeros(network.neurons(), network.outputs());
        int row = 0;
        for (Matrix q : feedback) {
            stacked.put(row, 0, 1, q);
            row += q.rows();
        }
        return stacked;
    }
}
