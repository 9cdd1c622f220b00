package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;

/**
 * Arithmetic of a parameter step, given the gradient {@code g} with the L2 term {@code weight decay
 * * p} already added; a closed set.
 */
public sealed interface Optimizer {
    /**
     * Stochastic gradient descent: {@code m = g} at the first step, then {@code momentum m + g};
     * {@code p -= lr m}.
     *
     * @param momentum momentum, in [0, 1)
     */
    record Sgd(double momentum) implements Optimizer {
        /** Checks the range. */
        public Sgd {
            requireFraction("momentum", momentum);
        }
    }

    /**
     * Adam: {@code m = beta1 m + (1-beta1) g}, {@code s = beta2 s + (1-beta2) g^2}, {@code p -= lr
     * / (1-beta1^t) m / (sqrt(s) / sqrt(1-beta2^t) + epsilon)}, {@code t} = 1, 2, ...
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilons one value above 0 for all layers, or one per layer
     */
    record Adam(double beta1, double beta2, List<Double> epsilons) implements Optimizer {
        /** Checks the ranges and copies the list. */
        public Adam {
            requireFraction("beta1", beta1);
            requireFraction("beta2", beta2);
            epsilons = List.copyOf(epsilons);
            for (double e : epsilons) {
                if (!(e > 0)) {
                    throw new BadConfigurationException("epsilon", "must be above 0, got " + e);
                }
            }
        }

        /**
         * Adam with the same epsilon for all layers.
         *
         * @param beta1 in [0, 1)
         * @param beta2 in [0, 1)
         * @param epsilon above 0
         */
        public Adam(double beta1, double beta2, double epsilon) {
            this(beta1, beta2, List.of(epsilon));
        }
    }

    private static void requireFraction(String key, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new BadConfigurationException(key, "must lie in [0, 1), got " + value);
        }
    }
}
