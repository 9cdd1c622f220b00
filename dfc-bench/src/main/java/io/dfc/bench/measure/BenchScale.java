package io.dfc.bench.measure;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.Precision;

import java.util.Optional;

/**
 * How much of a network is measured at once, and with which weights.
 *
 * @param batch samples in a minibatch; the configuration's where empty
 * @param networks networks side by side, each with a minibatch of its own, from 1 to {@value
 *     #MOST_NETWORKS}
 * @param precision precision of the weights in loops
 */
public record BenchScale(Optional<Integer> batch, int networks, Precision precision) {
    private static final int MOST_NETWORKS = 64;

    /** The configuration's minibatch of a single network, in full precision. */
    public static final BenchScale USUAL = new BenchScale(Optional.empty(), 1, Precision.FULL);

    /** Checks the ranges. */
    public BenchScale {
        if (batch.isPresent() && (batch.get() < 1 || batch.get() > Philox.MAX_SAMPLES)) {
            throw new BadConfigurationException(
                    "--batch", "must lie in [1, " + Philox.MAX_SAMPLES + "], got " + batch.get());
        }
        if (networks < 1 || networks > MOST_NETWORKS) {
            throw new BadConfigurationException(
                    "--seeds", "must lie in [1, " + MOST_NETWORKS + "], got " + networks);
        }
    }
}
