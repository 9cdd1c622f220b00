package io.dfc.algorithms.method.perturb;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;

/**
 * Settings of weight perturbation.
 *
 * @param forward how the weights are stepped
 * @param noiseSigma standard deviation of the noise on all weights and biases, above 0
 */
public record PerturbationSettings(ForwardSection forward, double noiseSigma) {
    void check(int depth) {
        forward.check(depth);
        SettingChecks.positive("noise-sigma", noiseSigma);
    }
}
