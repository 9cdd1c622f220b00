package io.dfc.api.spi;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.Set;

/**
 * Which variables of a phase are recorded, and when.
 *
 * @param variables variables; empty means nothing is recorded
 * @param timePoints rising time points; 0 is the feedforward pass. For a solver without time, point
 *     1 is the state that it found.
 * @param deviations whether somatic and basal voltages and rates are recorded as deviations from
 *     the feedforward pass
 */
public record Recording(Set<Variable> variables, List<Integer> timePoints, boolean deviations) {
    /** Copies the collections and checks the order. */
    public Recording {
        variables = Set.copyOf(variables);
        timePoints = List.copyOf(timePoints);
        for (int i = 0; i < timePoints.size(); i++) {
            if (timePoints.get(i) < (i == 0 ? 0 : timePoints.get(i - 1) + 1)) {
                throw new BadConfigurationException(
                        "recording", "time points must rise from 0 on, got " + timePoints);
            }
        }
    }

    /** {@return a recording of nothing} */
    public static Recording none() {
        return new Recording(Set.of(), List.of(), false);
    }

    /** {@return whether anything is recorded} */
    public boolean isActive() {
        return !variables.isEmpty() && !timePoints.isEmpty();
    }

    /**
     * Checks that the time points exist.
     *
     * @param points number of time points of the phase
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
