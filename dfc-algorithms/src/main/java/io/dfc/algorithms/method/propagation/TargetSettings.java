package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;

import java.util.List;

/**
 * Settings of target propagation.
 *
 * @param forward how the forward weights are stepped; the published programs divide the learning
 *     rate by the step size of the target, and the rate here is what comes out
 * @param target how far the output is to move
 * @param feedback the maps that targets are led down by
 */
public record TargetSettings(
        ForwardSection forward, TargetSection target, FeedbackMapSection feedback) {
    void check(int depth, List<String> activations) {
        forward.check(depth);
        target.check();
        feedback.check(activations);
    }
}
