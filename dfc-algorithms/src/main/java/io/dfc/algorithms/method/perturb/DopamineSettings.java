package io.dfc.algorithms.method.perturb;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.error.BadConfigurationException;

/**
 * Settings of weight perturbation with a rate that adapts.
 *
 * @param forward how the weights are stepped; plain descent, whose rate is that of a unit of
 *     prediction error and of noise
 * @param noiseSigma standard deviation of the noise on all weights and biases, above 0
 * @param memory share of the past in the mean square of the prediction error, in [0, 1)
 */
public record DopamineSettings(ForwardSection forward, double noiseSigma, double memory) {
    void check(int depth) {
        forward.check(depth);
        if (!forward.optimizer().equals("sgd")) {
            throw new BadConfigurationException(
                    "forward.optimizer",
                    "method dopamine sets the rate itself, which "
                            + forward.optimizer()
                            + " would undo; use sgd, or method weight-perturbation");
        }
        SettingChecks.positive("noise-sigma", noiseSigma);
        SettingChecks.fraction("memory", memory);
    }
}
