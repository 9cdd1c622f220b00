package io.dfc.api.reference.model;

import io.dfc.api.network.Network;

/**
 * Jacobian of the output rates of one sample with respect to the voltages of every layer: {@code
 * J_L = diag(phi'(v_L))}, {@code J_i = J_(i+1) W_(i+1) diag(phi'(v_i))}.
 */
public final class Jacobian {
    private final ParameterArrays parameters;

    /** Per layer, row-major [n_L, n_i]. */
    final double[][] blocks;

    /**
     * The Jacobian at given voltages.
     *
     * @param parameters the parameters
     * @param feedforward feedforward pass of one sample
     * @param dv deviation of the voltages from it
     */
    public Jacobian(ParameterArrays parameters, Activity feedforward, double[][] dv) {
        this.parameters = parameters;
        Network network = parameters.network;
        int outputs = network.outputs();
        int last = network.depth() - 1;
        blocks = Buffers.perLayer(network, outputs);
        for (int j = 0; j < outputs; j++) {
            blocks[last][j * outputs + j] = 1;
        }
        for (int i = last; i >= 0; i--) {
            int size = network.size(i);
            if (i < last) {
                // The outputs take the place of samples: each row of the block below is an adjoint.
                parameters.multiplyTransposedWeights(i + 1, blocks[i + 1], blocks[i], outputs);
            }
            for (int n = 0; n < size; n++) {
                double slope = network.activation(i).derivative(feedforward.v[i][n] + dv[i][n]);
                for (int j = 0; j < outputs; j++) {
                    blocks[i][j * size + n] *= slope;
                }
            }
        }
    }

    /** {@code J J^T} with {@code J = dr_L/dr_i}, row-major [n_L, n_L]. */
    public double[] gramOfRates(int layer) {
        int outputs = parameters.network.outputs();
        int size = parameters.network.size(layer);
        double[] rows = new double[outputs * size];
        if (layer == blocks.length - 1) {
            for (int j = 0; j < outputs; j++) {
                rows[j * outputs + j] = 1;
            }
        } else {
            parameters.multiplyTransposedWeights(layer + 1, blocks[layer + 1], rows, outputs);
        }
        double[] gram = new double[outputs * outputs];
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                for (int n = 0; n < size; n++) {
                    gram[j * outputs + k] += rows[j * size + n] * rows[k * size + n];
                }
            }
        }
        return gram;
    }

    /** {@code J Q} summed over all layers, row-major [n_L, n_L]. */
    public double[] timesFeedback() {
        int outputs = parameters.network.outputs();
        double[] total = new double[outputs * outputs];
        for (double[] product : timesFeedbackPerLayer()) {
            Buffers.add(total, 1, product);
        }
        return total;
    }

    /** {@code J_i Q_i} per layer, row-major [n_L, n_L] each. */
    public double[][] timesFeedbackPerLayer() {
        Network network = parameters.network;
        int outputs = network.outputs();
        double[][] products = new double[blocks.length][outputs * outputs];
        for (int i = 0; i < blocks.length; i++) {
            int size = network.size(i);
            for (int j = 0; j < outputs; j++) {
                for (int n = 0; n < size; n++) {
                    double x = blocks[i][j * size + n];
                    for (int k = 0; k < outputs; k++) {
                        products[i][j * outputs + k] += x * parameters.q[i][n * outputs + k];
                    }
                }
            }
        }
        return products;
    }
}
