package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;

import java.util.Objects;

/**
 * Backpropagation of the mean loss: the gradient of weights and biases.
 *
 * @param clipping how the gradient is bounded
 */
public record BackwardPhase(Clipping clipping) implements Phase {
    /** Checks that the bound is there. */
    public BackwardPhase {
        Objects.requireNonNull(clipping, "clipping");
    }
}
