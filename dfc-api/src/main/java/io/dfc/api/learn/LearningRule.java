package io.dfc.api.learn;

import io.dfc.api.network.Activation;

/**
 * Computes the postsynaptic factor {@code s_i} of a layer from its voltages (arXiv 2106.07887,
 * equation 5). The backend forms the gradient {@code G_W(i) = -2/B sum_b s_i p_i^T} with the
 * presynaptic rate {@code p_i}, and the optimiser subtracts it; the factor 2 is that of the
 * published program.
 *
 * <p>A rule is stateless and thread-safe: what it must remember between time points lives in the
 * tile's state, which the backend allocates and zeroes. It must not mix samples and must not
 * allocate. Backends run the {@link DfcRule}s fused and call any other rule once per time point,
 * layer and tile.
 */
public interface LearningRule {
    /**
     * Number of state values per sample of a layer.
     *
     * @param width number of neurons of the layer
     * @return the number, at least 0
     */
    default int stateSize(int width) {
        return 0;
    }

    /**
     * Computes the postsynaptic factor.
     *
     * @param activation rate function of the layer
     * @param tile voltages of the layer; its postsynaptic factor is written
     */
    void postsynapticFactor(Activation activation, LayerTile tile);
}
