package io.dfc.algorithms.method;

import io.dfc.api.error.BadConfigurationException;

import java.util.List;
import java.util.Optional;

/**
 * The usual ranges of settings. Every check names the setting by its dotted key, such as {@code
 * forward.learning-rate}, and throws {@link BadConfigurationException} if it is out of range.
 */
public final class SettingChecks {
    private static final int MAX_POINTS = 10_000_000;

    private SettingChecks() {}

    /** A check of a number. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks a number.
         *
         * @param key key of the setting
         * @param value its value
         */
        void apply(String key, double value);
    }

    /**
     * Checks a number if it is there.
     *
     * @param key key of the setting
     * @param value its value
     * @param check what it must meet
     */
    public static void optional(String key, Optional<Double> value, Check check) {
        value.ifPresent(v -> check.apply(key, v));
    }

    /**
     * Wants one value, or one for each layer.
     *
     * @param key key of the setting
     * @param values its values
     * @param depth number of layers
     */
    public static void perLayer(String key, List<?> values, int depth) {
        if (values.size() != 1 && values.size() != depth) {
            throw new BadConfigurationException(
                    key,
                    "needs 1 value or one for each of the "
                            + depth
                            + " layers, got "
                            + values.size());
        }
    }

    /**
     * Wants a finite number above 0.
     *
     * @param key key of the setting
     * @param value its value
     */
    public static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number above 0, got " + value);
        }
    }

    /**
     * Wants a finite number of at least 0.
     *
     * @param key key of the setting
     * @param value its value
     */
    public static void notNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key, "must be a finite number of at least 0, got " + value);
        }
    }

    /**
     * Wants a number in [0, 1).
     *
     * @param key key of the setting
     * @param value its value
     */
    public static void fraction(String key, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new BadConfigurationException(key, "must lie in [0, 1), got " + value);
        }
    }

    /**
     * Wants a number in (0, 1).
     *
     * @param key key of the setting
     * @param value its value
     */
    public static void between(String key, double value) {
        if (!(value > 0 && value < 1)) {
            throw new BadConfigurationException(key, "must lie in (0, 1), got " + value);
        }
    }

    /**
     * Wants a whole number in a range.
     *
     * @param key key of the setting
     * @param value its value
     * @param low smallest value
     * @param high largest value
     */
    public static void within(String key, long value, long low, long high) {
        if (value < low || value > high) {
            throw new BadConfigurationException(
                    key, "must be a whole number from " + low + " to " + high + ", got " + value);
        }
    }

    /**
     * Wants one of some words.
     *
     * @param key key of the setting
     * @param value its value
     * @param allowed the words
     */
    public static void oneOf(String key, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new BadConfigurationException(
                    key, "unknown value \"" + value + "\"; allowed: " + String.join(", ", allowed));
        }
    }

    /**
     * Wants a number of time points of a loop.
     *
     * @param key key of the setting
     * @param value its value
     */
    public static void timePoints(String key, int value) {
        within(key, value, 2, MAX_POINTS);
    }

    /**
     * Requires a time step at which no voltage overshoots its input.
     *
     * @param group group of the settings {@code time-step} and {@code time-constant-ratio}
     * @param step time step, above 0
     * @param ratio somatic time constant, above 0
     * @param remedy what to do if the step is longer
     */
    public static void stableStep(String group, double step, double ratio, String remedy) {
        if (step > ratio) {
            throw new BadConfigurationException(
                    group + ".time-step",
                    step
                            + " is larger than "
                            + group
                            + ".time-constant-ratio "
                            + ratio
                            + ", which is unstable: every step of a voltage would overshoot its input, by a factor of "
                            + (float) (step / ratio)
                            + "; "
                            + remedy);
        }
    }
}
