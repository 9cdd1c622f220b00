package io.dfc.algorithms.method.newton;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.error.BadConfigurationException;

/**
 * Settings of a damped second-order update.
 *
 * @param forward how the forward weights are stepped
 * @param damping {@code gamma}, added to the diagonal of the matrix that is inverted, in [1e-6,
 *     1e6]
 */
public record NewtonSettings(ForwardSection forward, double damping) {
    private static final double LEAST = 1e-6;
    private static final double MOST = 1e6;

    void check(int depth) {
        forward.check(depth);
        SettingChecks.positive("damping", damping);
        if (damping < LEAST || damping > MOST) {
            throw new BadConfigurationException(
                    "damping", "must lie in [" + LEAST + ", " + MOST + "], got " + damping);
        }
    }
}
