package io.dfc.api.trajectory;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which variables of a loop are recorded, and when. A request of one run: what is recorded changes
 * neither updates nor results.
 *
 * @param variables variables; empty means nothing is recorded
 * @param timePoints rising time points; 0 is the feedforward pass. For a solver without time, point
 *     1 is the state that it found.
 * @param deviations whether somatic and basal voltages and rates are recorded as deviations from
 *     the feedforward pass
 * @param source where the trajectory comes from
 */
public record Recording(
        Set<Variable> variables, List<Integer> timePoints, boolean deviations, Source source) {
    private static final Recording NONE = new Recording(Set.of(), List.of(), false);

    /** Where a trajectory comes from. */
    public enum Source {
        /**
         * The states that the solver itself goes through: those of a simulation, or the two points
         * of a solver without time. {@link io.dfc.api.control.Solver.Auto} may go through none, so
         * its trajectories are simulated.
         */
        SOLVER,
        /**
         * A simulation of the loop by Euler's method, beside a solver that does not simulate; its
         * noise is that of the run.
         */
        SIMULATION,
        /**
         * The reduced-order loop, to first order in the nudge and in float64, beside any solver:
         * control signal and error norm of loops without noise that have one.
         */
        REDUCED_ORDER
    }

    /** Copies the collections and checks the order. */
    public Recording {
        Objects.requireNonNull(source, "source");
        variables = Set.copyOf(variables);
        timePoints = List.copyOf(timePoints);
        for (int i = 0; i < timePoints.size(); i++) {
            if (timePoints.get(i) < (i == 0 ? 0 : timePoints.get(i - 1) + 1)) {
                throw new BadConfigurationException(
                        "recording", "time points must rise from 0 on, got " + timePoints);
            }
        }
    }

    /**
     * A recording of what the solver goes through.
     *
     * @param variables variables
     * @param timePoints rising time points
     * @param deviations whether voltages and rates are recorded as deviations
     */
    public Recording(Set<Variable> variables, List<Integer> timePoints, boolean deviations) {
        this(variables, timePoints, deviations, Source.SOLVER);
    }

    /** {@return a recording of nothing} */
    public static Recording none() {
        return NONE;
    }

    /**
     * This recording from another source.
     *
     * @param other the source
     * @return the recording
     */
    public Recording from(Source other) {
        return new Recording(variables, timePoints, deviations, other);
    }

    /** {@return whether anything is recorded} */
    public boolean isActive() {
        return !variables.isEmpty() && !timePoints.isEmpty();
    }

    /**
     * Checks that the time points exist.
     *
     * @param points number of time points
     * @throws BadConfigurationException if one lies beyond the end
     */
    public void requireWithin(int points) {
        if (!timePoints.isEmpty() && timePoints.getLast() >= points) {
            throw new BadConfigurationException(
                    "recording",
                    "time point "
                            + timePoints.getLast()
                            + " lies beyond the last one, "
                            + (points - 1));
        }
    }
}
