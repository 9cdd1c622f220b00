package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;

/**
 * Settings of least control with learned feedback.
 *
 * @param forward how forward and feedback weights are stepped
 * @param control the controlled network
 * @param shrinkage share by which all weights and biases shrink in every step, in [0, 1), so that
 *     forward and feedback weights forget how they differed
 */
public record KolenPollackSettings(
        ForwardSection forward, ControlSection control, double shrinkage) {
    void check(int depth) {
        forward.check(depth);
        control.check();
        SettingChecks.fraction("shrinkage", shrinkage);
    }
}
