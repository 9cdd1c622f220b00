package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.api.error.BadConfigurationException;

/**
 * The controlled network; its time constants are all 1.
 *
 * @param leakage leak {@code alpha} of the controller's integral, above 0: without it no steady
 *     control holds an output for which the loss still falls
 * @param integralGain {@code k_i}, above 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param timeStep {@code dt}, in (0, 1]
 * @param threshold relative change of a sample's state, per unit of time, at which it is steady;
 *     above 0
 * @param maxSteps steps at most, or sweeps, from 1 to 1000000
 */
public record ControlSection(
        double leakage,
        double integralGain,
        double proportionalGain,
        double timeStep,
        double threshold,
        int maxSteps) {
    private static final int MOST_STEPS = 1_000_000;

    /** Those published for MNIST. */
    static ControlSection published() {
        return new ControlSection(0.1, 1, 0, 1, 1e-6, 800);
    }

    void check() {
        positive("control.leakage", leakage);
        positive("control.integral-gain", integralGain);
        notNegative("control.proportional-gain", proportionalGain);
        positive("control.time-step", timeStep);
        if (timeStep > 1) {
            throw new BadConfigurationException(
                    "control.time-step",
                    timeStep
                            + " is larger than the time constants, which are 1, so that every step of a voltage would"
                            + " overshoot its input; use at most 1");
        }
        positive("control.threshold", threshold);
        within("control.max-steps", maxSteps, 1, MOST_STEPS);
    }

    ControlConstants constants() {
        return new ControlConstants(
                leakage, integralGain, proportionalGain, timeStep, threshold, maxSteps);
    }
}
