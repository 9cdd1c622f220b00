package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.SettingChecks;
import io.dfc.api.error.BadConfigurationException;

/**
 * How matrices are kept near orthogonal ones, for which inverses are transposed matrices.
 *
 * @param strength {@code rho}, at least 0: what is not orthogonal counts {@code rho sum_(i != j)
 *     ((W^T W)_ij)^2}
 * @param start whether square matrices start orthogonal, and not as {@code network.initialization}
 *     says; needed where {@code rho} is 0
 */
public record OrthogonalitySection(double strength, boolean start) {
    void check() {
        SettingChecks.notNegative("orthogonality.strength", strength);
        if (strength == 0 && !start) {
            throw new BadConfigurationException(
                    "orthogonality.start",
                    "with orthogonality.strength 0 nothing makes matrices orthogonal, whose inverses targets pass; set"
                            + " it to true, or the strength above 0");
        }
    }
}
