package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;

/** Ratio of what the controller and what the layer below drives a layer with. */
public final class DriveRatio {
    private DriveRatio() {}

    /**
     * The ratio of every layer.
     *
     * @param matrices the network, with feedback weights
     * @param state rates of the controlled network
     * @param control {@code u}, [B, n_L]
     * @return {@code ||Q_i u|| / ||W_i r_(i-1)||}, mean over the samples
     */
    public static double[] of(NetworkMatrices matrices, NetworkState state, double[] control) {
        Network network = matrices.network();
        double[] ratios = new double[network.depth()];
        for (int i = 0; i < ratios.length; i++) {
            for (int b = 0; b < state.samples(); b++) {
                double[] feedback =
                        matrices.feedback().get(i).times(control, b * network.outputs());
                double[] forward =
                        matrices.weights().get(i).times(state.presynaptic(i), b * network.fanIn(i));
                ratios[i] += Vectors.norm(feedback) / Vectors.norm(forward) / state.samples();
            }
        }
        return ratios;
    }
}
