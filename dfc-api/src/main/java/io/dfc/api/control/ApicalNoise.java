package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

/**
 * White noise in the apical compartments: each step adds {@code sigma sqrt(dt) / tau_A xi}, {@code
 * xi} standard normal.
 *
 * @param hidden {@code sigma} of the hidden layers, at least 0
 * @param output {@code sigma} of the output layer, at least 0
 */
public record ApicalNoise(double hidden, double output) {
    /** Checks the ranges. */
    public ApicalNoise {
        requireNonNegative("noise-sigma", hidden);
        requireNonNegative("noise-sigma-output", output);
    }

    /**
     * Standard deviation of a layer.
     *
     * @param layer layer, from 0
     * @param depth number of layers
     * @return {@code sigma_i}
     */
    public double sigma(int layer, int depth) {
        return layer == depth - 1 ? output : hidden;
    }

    private static void requireNonNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number of at least 0, got " + value);
        }
    }
}
