package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

/**
 * Adds {@code rate (||Q||_F^2 - constant) Q_i} to the gradient of the feedback weights, {@code
 * ||Q||_F} over all layers together.
 *
 * @param rate strength, at least 0
 * @param constant squared norm at rest, at least 0
 */
public record HomeostaticDecay(double rate, double constant) {
    /** Checks the ranges. */
    public HomeostaticDecay {
        if (!(rate >= 0)) {
            throw new BadConfigurationException(
                    "feedback.homeostatic-weight-decay", "must be at least 0, got " + rate);
        }
        if (!(constant >= 0)) {
            throw new BadConfigurationException(
                    "feedback.homeostatic-constant", "must be at least 0, got " + constant);
        }
    }
}
