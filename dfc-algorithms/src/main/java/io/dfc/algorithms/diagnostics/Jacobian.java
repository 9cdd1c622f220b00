package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;

import java.util.Arrays;
import java.util.List;

/**
 * Jacobian {@code J_i = dr_L / dv_i} of the output of one sample with respect to the voltages of
 * all layers, the output layer included.
 *
 * @param layers {@code J_1..J_L}, [n_L, n_i] each
 */
public record Jacobian(List<Matrix> layers) {
    /** Copies the list. */
    public Jacobian {
        layers = List.copyOf(layers);
    }

    /**
     * The Jacobian at the voltages of a sample: {@code J_L = diag(phi_L'(v_L))}, {@code J_i =
     * J_(i+1) W_(i+1) diag(phi_i'(v_i))}.
     *
     * @param matrices the network
     * @param state state of a minibatch
     * @param sample sample, from 0
     * @return the Jacobian
     */
    public static Jacobian at(NetworkMatrices matrices, NetworkState state, int sample) {
        Network network = matrices.network();
        Matrix[] layers = new Matrix[network.depth()];
        for (int i = layers.length - 1; i >= 0; i--) {
            double[] slopes = slopes(network, state, i, sample);
            if (i == layers.length - 1) {
                layers[i] = diagonal(slopes);
            } else {
                layers[i] = layers[i + 1].times(matrices.weights().get(i + 1));
                scaleColumns(layers[i], slopes);
            }
        }
        return new Jacobian(List.of(layers));
    }

    /** Slopes {@code phi_i'(v_i)} of a layer. */
    static double[] slopes(Network network, NetworkState state, int layer, int sample) {
        int n = network.size(layer);
        double[] slopes = new double[n];
        for (int j = 0; j < n; j++) {
            slopes[j] =
                    network.activation(layer)
                            .derivative(state.voltages().get(layer)[sample * n + j]);
        }
        return slopes;
    }

    static Matrix diagonal(double[] values) {
        Matrix m = Matrix.zeros(values.length, values.length);
        for (int j = 0; j < values.length; j++) {
            m.data()[j * values.length + j] = values[j];
        }
        return m;
    }

    static void scaleColumns(Matrix m, double[] factors) {
        for (int k = 0; k < m.data().length; k++) {
            m.data()[k] *= factors[k % m.columns()];
        }
    }

    /**
     * The damped pseudo-inverse {@code J^T (J J^T + gamma I)^-1}.
     *
     * @param damping {@code gamma}, at least 0; 0 is the pseudo-inverse
     * @return the matrix, [N, n_L]
     */
    public Matrix dampedPseudoInverse(double damping) {
        return new GramSolver(stacked()).dampedPseudoInverse(damping);
    }

    /** {@return {@code J = [J_1 | ... | J_L]}, [n_L, N]} */
    public Matrix stacked() {
        double[] ones = new double[layers.size()];
        Arrays.fill(ones, 1);
        return stacked(ones);
    }

    /** {@return {@code [c_1 J_1 | ... | c_L J_L]}, [n_L, N]} */
    Matrix stacked(double[] factors) {
        int columns = layers.stream().mapToInt(Matrix::columns).sum();
        Matrix stacked = Matrix.zeros(layers.getFirst().rows(), columns);
        int column = 0;
        for (int i = 0; i < layers.size(); i++) {
            stacked.put(0, column, factors[i], layers.get(i));
            column += layers.get(i).columns();
        }
        return stacked;
    }
}
