package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.SettingChecks;

import java.util.List;

/**
 * Settings of target propagation behind a random hidden layer.
 *
 * @param forward how the forward weights are stepped
 * @param target how far the output is to move
 * @param feedback the maps that learn
 * @param hiddenUnits units of the random layer that they share, from 1 to 1048576
 */
public record RandomHiddenSettings(
        ForwardSection forward,
        TargetSection target,
        FeedbackMapSection feedback,
        int hiddenUnits) {
    private static final int MOST_UNITS = 1 << 20;

    void check(int depth, List<String> activations) {
        forward.check(depth);
        target.check();
        feedback.check(activations);
        SettingChecks.within("hidden-units", hiddenUnits, 1, MOST_UNITS);
    }
}
