package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;

/**
 * Matrices of the controlled loop, linearised at the voltages of a sample, in continuous time
 * (arXiv 2106.07887, section 3.4 and Condition 3). The loop is stable where all eigenvalues have
 * negative real parts. {@code tau} is the time constant ratio, {@code H} has the blocks {@code W_i
 * diag(phi'(v_(i-1)))} under its diagonal, {@code J_o} is {@code J} with its last block alone.
 */
public enum StabilityMatrix {
    /** {@code [[-(I - H)/tau, Q/tau], [-J_o, -alpha I]]}; the state is the voltages' deviation. */
    SINGLE_STEP_FEEDBACK,
    /** {@code [[-(I - H)/tau, (I - H) Q/tau], [-J, -alpha I]]}. */
    INTEGRAL,
    /**
     * {@code -(J Q + alpha I)}, that of a network without inertia: negative real parts are
     * Condition 3.
     */
    INTEGRAL_INSTANTANEOUS_SYSTEM,
    /**
     * {@code [[-(I - H)/tau, (I - H) Q/tau], [-J + k_p/tau J_o, -alpha I - k_p/tau J_L Q_L]]}: the
     * loop with proportional action.
     */
    PROPORTIONAL_INTEGRAL;

    /**
     * The matrix of a sample, of {@code N + n_L} rows, except for the instantaneous system, which
     * has {@code n_L}.
     *
     * @param matrices the network
     * @param state voltages to linearise at
     * @param sample sample, from 0
     * @param constants constants of the loop
     * @return the matrix
     */
    public Matrix full(
            NetworkMatrices matrices, NetworkState state, int sample, LoopConstants constants) {
        Jacobian jacobian = Jacobian.at(matrices, state, sample);
        Matrix j = jacobian.stacked();
        Matrix q = matrices.stackedFeedback();
        double alpha = constants.leakage();
        if (this == INTEGRAL_INSTANTANEOUS_SYSTEM) {
            return negative(j.times(q).plusDiagonal(alpha));
        }
        int n = q.rows();
        int outputs = q.columns();
        double tau = constants.timeConstantRatio();
        Matrix transmission = negative(transmission(matrices, state, sample)).plusDiagonal(1);
        Matrix whole = Matrix.zeros(n + outputs, n + outputs);
        whole.put(0, 0, -1 / tau, transmission);
        whole.put(n, n, -alpha, Matrix.zeros(outputs, outputs).plusDiagonal(1));
        Matrix last = jacobian.layers().getLast();
        int lastAt = n - outputs;
        switch (this) {
            case SINGLE_STEP_FEEDBACK -> {
                whole.put(0, n, 1 / tau, q);
                whole.put(n, lastAt, -1, last);
            }
            case INTEGRAL -> {
                whole.put(0, n, 1 / tau, transmission.times(q));
                whole.put(n, 0, -1, j);
            }
            case PROPORTIONAL_INTEGRAL -> {
                double gain = constants.proportionalGain() / tau;
                whole.put(0, n, 1 / tau, transmission.times(q));
                whole.put(n, 0, -1, j);
                whole.put(n, lastAt, gain, last);
                whole.put(n, n, -gain, last.times(matrices.feedback().getLast()));
            }
            case INTEGRAL_INSTANTANEOUS_SYSTEM -> throw new AssertionError(this);
        }
        return whole;
    }

    private static Matrix negative(Matrix m) {
        return Matrix.zeros(m.rows(), m.columns()).plus(-1, m);
    }

    /** {@code H}: what a layer's voltages do to those of the next. */
    private static Matrix transmission(NetworkMatrices matrices, NetworkState state, int sample) {
        Network network = matrices.network();
        Matrix h = Matrix.zeros(network.neurons(), network.neurons());
        int at = 0;
        for (int i = 1; i < network.depth(); i++) {
            Matrix block = Matrix.zeros(network.size(i), network.fanIn(i));
            block.put(0, 0, 1, matrices.weights().get(i));
            Jacobian.scaleColumns(block, Jacobian.slopes(network, state, i - 1, sample));
            h.put(at + network.fanIn(i), at, 1, block);
            at += network.fanIn(i);
        }
        return h;
    }
}
