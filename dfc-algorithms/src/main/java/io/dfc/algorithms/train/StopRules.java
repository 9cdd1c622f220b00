package io.dfc.algorithms.train;

import io.dfc.api.error.BadConfigurationException;

/**
 * When a run stops early.
 *
 * @param minTrainAccuracy training accuracy, in [0, 1], below which a classification run stops; 0
 *     switches the rule off
 * @param afterEpoch the accuracy rule applies to epochs after this one, counted from 1
 * @param patience number of epochs without a lower training loss after which the run stops; 0
 *     switches the rule off
 * @param maxParameter magnitude above 0 beyond which a parameter counts as diverged
 */
public record StopRules(
        double minTrainAccuracy, int afterEpoch, int patience, double maxParameter) {
    /** Magnitude of a parameter at which the published program gives up. */
    public static final double PUBLISHED_MAX_PARAMETER = 1000;

    /** Checks the ranges. */
    public StopRules {
        if (!(minTrainAccuracy >= 0 && minTrainAccuracy <= 1)) {
            throw new BadConfigurationException(
                    "stop.min-train-accuracy", "must lie in [0, 1], got " + minTrainAccuracy);
        }
        if (afterEpoch < 0) {
            throw new BadConfigurationException(
                    "stop.after-epoch", "must be at least 0, got " + afterEpoch);
        }
        if (patience < 0) {
            throw new BadConfigurationException(
                    "stop.patience", "must be at least 0, got " + patience);
        }
        if (!(maxParameter > 0)) {
            throw new BadConfigurationException(
                    "stop.max-parameter", "must be above 0, got " + maxParameter);
        }
    }

    /** {@return rules that stop on divergence alone} */
    public static StopRules divergenceOnly() {
        return new StopRules(0, 0, 0, PUBLISHED_MAX_PARAMETER);
    }
}
