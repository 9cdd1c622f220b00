package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.stableStep;

import io.dfc.api.error.BadConfigurationException;

/** Time steps and the time constants that they must not exceed. */
final class TimeConstants {
    private TimeConstants() {}

    /**
     * Checks the somatic time constant of a loop.
     *
     * @param group group of its settings
     * @param step time step
     * @param ratio time constant
     * @param instantSystem whether voltages follow their inputs at once, so that it plays no part
     * @param clamp whether it is raised to the time step instead of refused
     * @return the time constant to run with
     * @throws BadConfigurationException if the loop would be unstable
     */
    static double check(
            String group, double step, double ratio, boolean instantSystem, boolean clamp) {
        positive(group + ".time-step", step);
        positive(group + ".time-constant-ratio", ratio);
        if (instantSystem) {
            return ratio;
        }
        if (clamp) {
            return Math.max(step, ratio);
        }
        stableStep(
                group,
                step,
                ratio,
                "lower the step, or set clamp-time-constants: true to raise the time constant to it");
        return ratio;
    }
}
