package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;

/**
 * Settings of direct feedback alignment.
 *
 * @param forward how the forward weights are stepped
 * @param target how far the output is to move
 * @param feedback the matrices that the error reaches the layers through
 */
public record DirectAlignmentSettings(
        ForwardSection forward, TargetSection target, RandomFeedbackSection feedback) {
    /**
     * How far the output is to move.
     *
     * @param stepSize {@code lambda}, above 0, a factor on all gradients
     */
    public record TargetSection(double stepSize) {
        void check() {
            SettingChecks.positive("target.step-size", stepSize);
        }
    }
}
