package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Parameters;

/**
 * The loss that Strong-DFC descends (arXiv 2204.07249): {@code H = ||Q u||^2}, the control that the
 * network needs, per neuron.
 */
public final class SurrogateLoss {
    private SurrogateLoss() {}

    /**
     * The loss.
     *
     * @param matrices the network, with feedback weights
     * @param control {@code u} at the end of the loop, [B, n_L]
     * @return {@code sum_b ||Q u_b||^2 / (B N)}
     */
    public static double of(NetworkMatrices matrices, double[] control) {
        Matrix q = matrices.stackedFeedback();
        int samples = control.length / q.columns();
        double sum = 0;
        for (int b = 0; b < samples; b++) {
            double[] drive = q.times(control, b * q.columns());
            sum += Vectors.dot(drive, drive);
        }
        return sum / samples / q.rows();
    }

    /**
     * The direction that descends it: {@code (Q u)^T Q (J Q + alpha I)^-1 J} with the opposite
     * sign, split by layer, times the presynaptic rates.
     *
     * @param matrices the network, with feedback weights
     * @param state state of the minibatch to linearise at
     * @param control {@code u} at the end of the loop, [B, n_L]
     * @param leakage {@code alpha}
     * @return the gradient, mean over the samples
     */
    public static Parameters gradient(
            NetworkMatrices matrices, NetworkState state, double[] control, double leakage) {
        Matrix q = matrices.stackedFeedback();
        int outputs = q.columns();
        LayerGradients sums = new LayerGradients(matrices.network());
        for (int b = 0; b < state.samples(); b++) {
            Jacobian jacobian = Jacobian.at(matrices, state, b);
            double[] drive = q.times(control, b * outputs);
            double[] y =
                    jacobian.stacked()
                            .times(q)
                            .plusDiagonal(leakage)
                            .transposed()
                            .solve(q.transposedTimes(drive));
            for (int i = 0; i < jacobian.layers().size(); i++) {
                double[] s = jacobian.layers().get(i).transposedTimes(y);
                sums.add(i, -1.0 / state.samples(), s, state.presynaptic(i), b);
            }
        }
        return sums.parameters();
    }
}
