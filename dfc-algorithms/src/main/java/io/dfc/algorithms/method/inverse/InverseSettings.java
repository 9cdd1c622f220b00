package io.dfc.algorithms.method.inverse;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of target propagation through exact inverses.
 *
 * @param forward how the forward weights are stepped; the published Adam has no correction of its
 *     moments
 * @param orthogonality how matrices are kept near orthogonal ones
 */
public record InverseSettings(ForwardSection forward, OrthogonalitySection orthogonality) {
    void check(int depth) {
        forward.check(depth);
        orthogonality.check();
    }
}
