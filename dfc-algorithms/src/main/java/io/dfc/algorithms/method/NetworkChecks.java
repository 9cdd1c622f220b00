package io.dfc.algorithms.method;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;

/** What a method asks of a network, refused in words that say what to change. */
public final class NetworkChecks {
    private NetworkChecks() {}

    /**
     * Wants a hidden layer.
     *
     * @param method name of the method
     * @param network the network
     * @throws BadConfigurationException if there is none
     */
    public static void requireHidden(String method, Network network) {
        if (network.depth() < 2) {
            throw new BadConfigurationException(
                    "network.hidden",
                    "method "
                            + method
                            + " sends targets or controls to hidden layers, and there is none; name at least one size,"
                            + " or use method bp");
        }
    }

    /**
     * Wants rates of the output that are its voltages, which the loss takes as they are.
     *
     * @param method name of the method
     * @param network the network
     * @throws BadConfigurationException if the output has another rate function
     */
    public static void requireLinearOutput(String method, Network network) {
        Activation output = network.activation(network.depth() - 1);
        if (!(output instanceof Activation.Linear)) {
            throw new BadConfigurationException(
                    "network.output-activation",
                    "method "
                            + method
                            + " takes the loss at the voltages of the output, which \""
                            + output.label()
                            + "\" would change; use linear");
        }
    }
}
