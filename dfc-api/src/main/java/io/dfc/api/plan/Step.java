package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;

import java.util.Objects;

/**
 * A step of parameters.
 *
 * @param handle which gradient is descended by which optimiser
 * @param rateFactor factor on the learning rates, for schedules; finite
 */
public record Step(StepHandle handle, double rateFactor) {
    /** Checks the factor: a step along an undefined rate would leave nothing of the parameters. */
    public Step {
        Objects.requireNonNull(handle, "handle");
        if (!Double.isFinite(rateFactor)) {
            throw new BadConfigurationException(
                    "rateFactor",
                    "must be a finite factor on the learning rates, got " + rateFactor);
        }
    }
}
