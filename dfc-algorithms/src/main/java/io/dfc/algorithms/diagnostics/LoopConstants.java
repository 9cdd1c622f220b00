package io.dfc.algorithms.diagnostics;

import io.dfc.api.error.BadConfigurationException;

/**
 * Constants of a controlled loop on which its stability in continuous time depends; times are in
 * units of the controller's time constant.
 *
 * @param leakage {@code alpha}, at least 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param timeConstantRatio {@code tau_v / tau_u}, above 0
 */
public record LoopConstants(double leakage, double proportionalGain, double timeConstantRatio) {
    /** Checks the ranges. */
    public LoopConstants {
        require("leakage", leakage, leakage >= 0);
        require("proportional-gain", proportionalGain, proportionalGain >= 0);
        require("time-constant-ratio", timeConstantRatio, timeConstantRatio > 0);
    }

    private static void require(String key, double value, boolean within) {
        if (!within || Double.isInfinite(value)) {
            throw new BadConfigurationException(
                    key,
                    "must be a finite number "
                            + (key.startsWith("time") ? "above" : "of at least")
                            + " 0, got "
                            + value);
        }
    }
}
