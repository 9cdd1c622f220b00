package io.dfc.algorithms.train;

import io.dfc.api.error.BadConfigurationException;

/**
 * When the feedback weights learn. The published order is: pre-training; then, in every epoch, one
 * sweep over the training set for the feedback weights, one for the forward weights, and further
 * sweeps for the feedback weights.
 *
 * @param pretrainingEpochs sweeps before the first epoch, at least 0
 * @param beforeForward whether every epoch begins with a sweep for the feedback weights
 * @param extraEpochs sweeps at the end of every epoch, at least 0
 */
public record FeedbackSchedule(int pretrainingEpochs, boolean beforeForward, int extraEpochs) {
    /** Checks the ranges. */
    public FeedbackSchedule {
        if (pretrainingEpochs < 0) {
            throw new BadConfigurationException(
                    "feedback.pretraining-epochs", "must be at least 0, got " + pretrainingEpochs);
        }
        if (extraEpochs < 0) {
            throw new BadConfigurationException(
                    "feedback.extra-epochs", "must be at least 0, got " + extraEpochs);
        }
    }

    /** {@return a schedule in which the feedback weights never learn} */
    public static FeedbackSchedule never() {
        return new FeedbackSchedule(0, false, 0);
    }

    /** {@return the number of sweeps for the feedback weights in every epoch} */
    public int sweepsPerEpoch() {
        return (beforeForward ? 1 : 0) + extraEpochs;
    }
}
