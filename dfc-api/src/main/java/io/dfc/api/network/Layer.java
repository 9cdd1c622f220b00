package io.dfc.api.network;

import io.dfc.api.error.BadConfigurationException;

/**
 * One layer of neurons.
 *
 * @param size number of neurons, at least 1
 * @param activation rate function
 */
public record Layer(int size, Activation activation) {
    /** Checks the size. */
    public Layer {
        if (size < 1) {
            throw new BadConfigurationException(
                    "network", "a layer needs at least 1 neuron, got " + size);
        }
        java.util.Objects.requireNonNull(activation, "activation");
    }
}
