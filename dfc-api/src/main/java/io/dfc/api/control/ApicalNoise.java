package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Noise in the apical compartments, from standard normal numbers {@code xi}. White noise enters the
 * compartment: each step adds {@code sigma sqrt(dt) / tau_A xi}. Filtered noise
 * (Ornstein-Uhlenbeck, published Strong-DFC program) lies on top of it: {@code apical_i[k] = a_i[k]
 * + sigma_i z_i[k]} with {@code a_i} the voltage without noise and
 *
 * <pre>{@code
 * z_i[k+1] = dt / tau_n (xi_i[k] / sqrt(dt)) + (1 - dt / tau_n) z_i[k],    z_i[0] = 0
 * }</pre>
 *
 * @param hidden {@code sigma} of the hidden layers, at least 0
 * @param output {@code sigma} of the output layer, at least 0
 * @param timeConstant {@code tau_n} of filtered noise, above 0; empty for white noise
 */
public record ApicalNoise(double hidden, double output, OptionalDouble timeConstant) {
    /** Checks the ranges. */
    public ApicalNoise {
        requireNonNegative("noise-sigma", hidden);
        requireNonNegative("noise-sigma-output", output);
        Objects.requireNonNull(timeConstant, "timeConstant");
        double tau = timeConstant.orElse(1);
        if (!(tau > 0) || Double.isInfinite(tau)) {
            throw new BadConfigurationException(
                    "noise-time-constant", "must be a finite number above 0, got " + tau);
        }
    }

    /**
     * White noise.
     *
     * @param hidden {@code sigma} of the hidden layers, at least 0
     * @param output {@code sigma} of the output layer, at least 0
     */
    public ApicalNoise(double hidden, double output) {
        this(hidden, output, OptionalDouble.empty());
    }

    /**
     * Filtered noise.
     *
     * @param hidden {@code sigma} of the hidden layers, at least 0
     * @param output {@code sigma} of the output layer, at least 0
     * @param timeConstant {@code tau_n}, above 0
     */
    public ApicalNoise(double hidden, double output, double timeConstant) {
        this(hidden, output, OptionalDouble.of(timeConstant));
    }

    /** {@return whether the noise is filtered} */
    public boolean isFiltered() {
        return timeConstant.isPresent();
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

    /**
     * What a standard normal number adds in one step to the apical voltage of a layer, or to the
     * filter {@code sigma_i z_i} on top of it.
     *
     * @param layer layer, from 0
     * @param depth number of layers
     * @param dynamics dynamics of the loop
     * @return {@code sigma_i sqrt(dt) / tau_A}, or {@code sigma_i sqrt(dt) / tau_n}
     */
    public double step(int layer, int depth, Dynamics dynamics) {
        return sigma(layer, depth)
                * Math.sqrt(dynamics.timeStep())
                / timeConstant.orElse(dynamics.apicalTimeConstant());
    }

    /**
     * Share of filtered noise that is left after a step.
     *
     * @param dynamics dynamics of the loop
     * @return {@code 1 - dt / tau_n}; 0 for white noise, which is not kept
     */
    public double retention(Dynamics dynamics) {
        return isFiltered() ? 1 - dynamics.timeStep() / timeConstant.getAsDouble() : 0;
    }

    private static void requireNonNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number of at least 0, got " + value);
        }
    }
}
