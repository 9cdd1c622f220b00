package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

/**
 * The controlled network in discrete time (arXiv 2106.07887, equation 1, discretised as in the
 * published program).
 *
 * <p>Point 0 is the feedforward pass with {@code u = 0} and apical voltages 0. From point {@code k}
 * to {@code k + 1}: the controller advances {@code u}; with {@code c = u[k+1]} (proactive) or
 * {@code u[k]}, for every layer
 *
 * <pre>{@code
 * basal_i    = W_i r_(i-1)[k+1 or k] + b_i
 * apical_i  += dt / tau_A (Q_i c - apical_i)  (+ sigma sqrt(dt) / tau_A xi_i[k])
 * v_i       += dt / tau_v (basal_i + apical_i - v_i)     or, with an instantaneous system, v_i = basal_i + apical_i
 * r_i        = phi_i(v_i)
 * }</pre>
 *
 * @param timeStep {@code dt}, above 0, in units of the controller's time constant
 * @param timePoints {@code K}, at least 2: stored points, so {@code K - 1} Euler steps
 * @param timeConstantRatio {@code tau_v}, above 0: somatic time constant over the controller's
 * @param apicalTimeConstant {@code tau_A}, above 0; equal to {@code dt} it makes the apical
 *     compartment instantaneous
 * @param instantTransmission whether layer {@code i} at point {@code k + 1} sees layer {@code i -
 *     1} at {@code k + 1} (else at {@code k})
 * @param instantSystem whether voltages follow their inputs at once; implies instant transmission
 * @param proactive whether the apical compartment at {@code k + 1} sees {@code u[k+1]} (else {@code
 *     u[k]})
 */
public record Dynamics(
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        double apicalTimeConstant,
        boolean instantTransmission,
        boolean instantSystem,
        boolean proactive) {
    /** Checks the ranges; an instantaneous system switches instant transmission on. */
    public Dynamics {
        requirePositive("time-step", timeStep);
        requirePositive("time-constant-ratio", timeConstantRatio);
        requirePositive("apical-time-constant", apicalTimeConstant);
        if (timePoints < 2) {
            throw new BadConfigurationException(
                    "time-points",
                    "must be at least 2 (the feedforward point and one step), got " + timePoints);
        }
        instantTransmission |= instantSystem;
    }

    /**
     * Dynamics with instant transmission, a proactive controller and an instantaneous apical
     * compartment, as in the published forward phases.
     *
     * @param timeStep {@code dt}, above 0
     * @param timePoints {@code K}, at least 2
     * @param timeConstantRatio {@code tau_v}, above 0
     */
    public Dynamics(double timeStep, int timePoints, double timeConstantRatio) {
        this(timeStep, timePoints, timeConstantRatio, timeStep, true, false, true);
    }

    /** {@return the number of Euler steps, {@code K - 1}} */
    public int steps() {
        return timePoints - 1;
    }

    /**
     * {@return the share {@code dt / tau_v} by which a voltage approaches its input in one step; 1
     * for an instantaneous system}
     */
    public double somaticRate() {
        return instantSystem ? 1 : timeStep / timeConstantRatio;
    }

    /**
     * {@return the share {@code dt / tau_A} by which an apical voltage approaches its input in one
     * step}
     */
    public double apicalRate() {
        return timeStep / apicalTimeConstant;
    }

    private static void requirePositive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number above 0, got " + value);
        }
    }
}
