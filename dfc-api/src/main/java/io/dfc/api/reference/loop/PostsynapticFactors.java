package io.dfc.api.reference.loop;

import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Network;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.spi.support.UserCode;

/** Postsynaptic factors of one rule for some samples, with the rule's state. */
final class PostsynapticFactors {
    private final Network network;
    private final LearningRule rule;
    private final double[][] state;
    private final double[][] difference;
    private final double[][] postsynaptic;

    PostsynapticFactors(Network network, LearningRule rule, int samples) {
        this.network = network;
        this.rule = rule;
        difference = Buffers.perLayer(network, samples);
        postsynaptic = Buffers.perLayer(network, samples);
        state = new double[network.depth()][];
        for (int i = 0; i < state.length; i++) {
            state[i] = new double[samples * rule.stateSize(network.size(i))];
        }
    }

    /**
     * The factors of a layer.
     *
     * @param loop the state; somatic minus basal voltage is taken from it
     * @param basal deviation of the basal voltage that the rule shall see
     * @return [samples, n_i], valid until the next call for the layer
     */
    double[] of(int layer, LoopState loop, double[] basal) {
        double[] d = difference[layer];
        for (int at = 0; at < d.length; at++) {
            d[at] = loop.dv[layer][at] - loop.db[layer][at];
        }
        LayerTile tile =
                new LayerTile(
                        0,
                        loop.feedforward.samples,
                        network.size(layer),
                        loop.feedforward.v[layer],
                        basal,
                        d,
                        postsynaptic[layer],
                        state[layer]);
        rule.postsynapticFactor(network.activation(layer), tile);
        UserCode.requireFinite(rule, tile, layer);
        return postsynaptic[layer];
    }

    /** Controlled rates that enter a layer. */
    static double[] presynaptic(LoopState loop, int layer) {
        double[] rates = loop.feedforward.presynaptic(layer);
        if (layer == 0) {
            return rates;
        }
        double[] controlled = rates.clone();
        Buffers.add(controlled, 1, loop.dr[layer - 1]);
        return controlled;
    }
}
