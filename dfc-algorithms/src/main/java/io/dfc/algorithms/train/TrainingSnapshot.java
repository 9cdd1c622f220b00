package io.dfc.algorithms.train;

import io.dfc.api.network.Parameters;
import io.dfc.api.spi.EngineState;

/**
 * All that is needed to continue a run bit for bit.
 *
 * @param state parameters and optimisers
 * @param best parameters of the best epoch; those of {@code state} before the first
 * @param progress how far the run has come
 */
public record TrainingSnapshot(EngineState state, Parameters best, Progress progress) {
    /**
     * The start of a run.
     *
     * @param initial parameters at the start
     * @return the snapshot
     */
    public static TrainingSnapshot start(Parameters initial) {
        return new TrainingSnapshot(new EngineState(initial), initial, Progress.none());
    }
}
