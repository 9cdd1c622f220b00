package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;

/** What a program may read of the last feedforward pass. */
abstract sealed class PassBuffers permits ProgramBuilder {
    final Network network;

    PassBuffers(Network network) {
        this.network = network;
    }

    final int within(int layer) {
        if (layer < 0 || layer >= network.depth()) {
            throw new BadConfigurationException(
                    "program",
                    "names layer "
                            + layer
                            + " of the network, which is not in 0.."
                            + (network.depth() - 1));
        }
        return layer;
    }

    /** {@return the inputs {@code r_0}} */
    public final Buffer input() {
        return new Buffer("r_0", network.inputs());
    }

    /**
     * Voltages of the feedforward pass.
     *
     * @param layer layer, from 0
     * @return {@code v_i^-}
     * @throws BadConfigurationException if the network has no such layer
     */
    public final Buffer voltage(int layer) {
        return new Buffer("v_" + (layer + 1), network.size(within(layer)));
    }

    /**
     * Rates of the feedforward pass.
     *
     * @param layer layer, from 0
     * @return {@code r_i^-}
     * @throws BadConfigurationException if the network has no such layer
     */
    public final Buffer rate(int layer) {
        return new Buffer("r_" + (layer + 1), network.size(within(layer)));
    }

    /**
     * What enters a layer in the feedforward pass.
     *
     * @param layer layer, from 0
     * @return the rates of the layer below, or the inputs
     * @throws BadConfigurationException if the network has no such layer
     */
    public final Buffer presynaptic(int layer) {
        return within(layer) == 0 ? input() : rate(layer - 1);
    }

    /** {@return the targets {@code y}; for labels one-hot} */
    public final Buffer targets() {
        return new Buffer("y", network.outputs());
    }
}
