package io.dfc.api.network;

import io.dfc.api.error.BadConfigurationException;

/**
 * Initialisation of the feedback weights; the output layer's {@code Q_L} is the identity whatever
 * the option. A closed set.
 */
public sealed interface FeedbackInitialization {
    /**
     * {@code Q_i = W_(i+1)^T ... W_L^T}, optionally with normal noise added to each entry.
     *
     * @param noise standard deviation of the noise, at least 0
     */
    record WeightProduct(double noise) implements FeedbackInitialization {
        /** Checks the range. */
        public WeightProduct {
            if (!(noise >= 0) || Double.isInfinite(noise)) {
                throw new BadConfigurationException(
                        "feedback.initialization-noise", "must be at least 0, got " + noise);
            }
        }
    }

    /**
     * A random matrix per layer, drawn with {@code out = n_i} and {@code in = n_L}.
     *
     * @param initialization its distribution
     */
    record Random(Initialization initialization) implements FeedbackInitialization {}
}
