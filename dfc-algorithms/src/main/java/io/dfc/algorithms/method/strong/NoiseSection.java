package io.dfc.algorithms.method.strong;

import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.positive;

/**
 * Noise in the apical compartments of a loop.
 *
 * @param sigma standard deviation in the hidden layers, above 0
 * @param sigmaOutput standard deviation in the output layer, at least 0
 */
public record NoiseSection(double sigma, double sigmaOutput) {
    void check(String group) {
        positive(group + ".sigma", sigma);
        notNegative(group + ".sigma-output", sigmaOutput);
    }
}
