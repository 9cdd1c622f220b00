package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;

/**
 * Settings of GAIT-prop.
 *
 * @param forward how the forward weights are stepped; the published Adam has no correction of its
 *     moments
 * @param orthogonality how matrices are kept near orthogonal ones
 * @param increment {@code gamma}, the share of the way to its target that a layer passes on, in (0,
 *     1)
 */
public record GaitSettings(
        ForwardSection forward, OrthogonalitySection orthogonality, double increment) {
    void check(int depth) {
        forward.check(depth);
        orthogonality.check();
        SettingChecks.between("increment", increment);
    }
}
