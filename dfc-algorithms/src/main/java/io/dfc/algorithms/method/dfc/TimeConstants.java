package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.positive;

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
        if (step <= ratio || instantSystem) {
            return ratio;
        }
        if (clamp) {
            return step;
        }
        throw new BadConfigurationException(
                group + ".time-step",
                step
                        + " is larger than "
                        + group
                        + ".time-constant-ratio "
                        + ratio
                        + ", which is unstable: every step would carry a voltage past its input, by a factor of "
                        + (float) (step / ratio)
                        + "; lower the step, or set clamp-time-constants: true to raise the time constant to it");
    }
}
