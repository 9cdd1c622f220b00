package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

/**
 * How a gradient is bounded: a group of tensors is multiplied by {@code min(1, c / (norm + 1e-6))},
 * {@code norm} its Euclidean norm.
 */
public sealed interface Clipping {
    /** Added to the norm, as in the published programs. */
    double NORM_OFFSET = 1e-6;

    /** No bound. */
    record None() implements Clipping {}

    /**
     * Every weight matrix and every bias vector on its own (published DFC program).
     *
     * @param maxNorm {@code c}, above 0
     */
    record PerTensor(double maxNorm) implements Clipping {
        /** Checks the bound. */
        public PerTensor {
            requirePositive(maxNorm);
        }
    }

    /**
     * Weights and bias of a layer together (published Strong-DFC program).
     *
     * @param maxNorm {@code c}, above 0
     */
    record PerLayer(double maxNorm) implements Clipping {
        /** Checks the bound. */
        public PerLayer {
            requirePositive(maxNorm);
        }
    }

    /**
     * All tensors together (published rule for the feedback weights).
     *
     * @param maxNorm {@code c}, above 0
     */
    record Joint(double maxNorm) implements Clipping {
        /** Checks the bound. */
        public Joint {
            requirePositive(maxNorm);
        }
    }

    /**
     * The factor of one group.
     *
     * @param maxNorm {@code c}
     * @param norm Euclidean norm of the group
     * @return the factor, in (0, 1]
     */
    static double factor(double maxNorm, double norm) {
        double factor = maxNorm / (norm + NORM_OFFSET);
        return factor < 1 ? factor : 1;
    }

    private static void requirePositive(double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new BadConfigurationException("clip-norm", "must be above 0, got " + maxNorm);
        }
    }
}
