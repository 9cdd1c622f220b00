package io.dfc.api.spi;

import io.dfc.api.network.Parameters;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that an engine must be given to continue a run bit for bit.
 *
 * @param parameters parameters by group
 * @param optimizers state by name of the optimiser; one that is missing starts fresh
 */
public record EngineState(Parameters parameters, Map<String, OptimizerState> optimizers) {
    /** Copies the map, sorted by name. */
    public EngineState {
        optimizers = Collections.unmodifiableSortedMap(new TreeMap<>(optimizers));
    }

    /**
     * Parameters with fresh optimisers.
     *
     * @param parameters parameters by group
     */
    public EngineState(Parameters parameters) {
        this(parameters, Map.of());
    }
}
