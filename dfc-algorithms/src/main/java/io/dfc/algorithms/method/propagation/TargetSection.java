package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.SettingChecks;

/**
 * The target of the output, {@code r_L - lambda dLoss/dr_L} with the gradient of the mean loss.
 *
 * @param stepSize {@code lambda}, above 0
 */
public record TargetSection(double stepSize) {
    void check() {
        SettingChecks.positive("target.step-size", stepSize);
    }
}
