package io.dfc.api.spi;

import io.dfc.api.network.Parameters;

import java.util.Map;

/**
 * All that an engine must be given to continue a run bit for bit.
 *
 * @param parameters weights, biases and feedback weights
 * @param optimizers state per optimiser; a slot that is missing starts fresh
 */
public record EngineState(Parameters parameters, Map<OptimizerSlot, OptimizerState> optimizers) {
    /** Copies the map. */
    public EngineState {
        optimizers = Map.copyOf(optimizers);
    }

    /**
     * Parameters with fresh optimisers.
     *
     * @param parameters weights, biases and feedback weights
     */
    public EngineState(Parameters parameters) {
        this(parameters, Map.of());
    }
}
