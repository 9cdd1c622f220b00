package io.dfc.algorithms.method.strong;

import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.method.ForwardSection;

import java.util.List;

/**
 * Settings of Strong-DFC in two phases.
 *
 * @param forward how the forward weights are stepped
 * @param update what they learn from: {@code last-state} (published) or {@code trajectory}
 * @param target the output target of the controller, where it pursues the label
 * @param control the loop without noise that the forward weights learn from
 * @param feedback how the feedback weights start and are stepped
 * @param feedbackLoop the noisy loop that they learn from
 * @param feedbackNoise noise in that loop
 * @param feedbackTarget what the controller pursues in that loop
 * @param pretrainingTarget what it pursues in that loop before the first epoch
 * @param epochBeforeForward whether every epoch begins with a sweep for the feedback weights
 * @param extraEpochs sweeps for the feedback weights at the end of every epoch, at least 0
 */
public record TwoPhaseSettings(
        ForwardSection forward,
        String update,
        StrongTargetSection target,
        LoopSection control,
        StrongFeedbackSection feedback,
        LoopSection feedbackLoop,
        NoiseSection feedbackNoise,
        FeedbackTarget feedbackTarget,
        FeedbackTarget pretrainingTarget,
        boolean epochBeforeForward,
        int extraEpochs) {
    void check(int depth) {
        forward.check(depth);
        oneOf("update", update, List.of("last-state", "trajectory"));
        target.check();
        control.check("control");
        feedback.check();
        feedback.requireEstimable("feedback-target", feedbackTarget);
        feedback.requireEstimable("pretraining-target", pretrainingTarget);
        feedbackLoop.check("feedback-loop");
        feedbackNoise.check("feedback-noise");
        within("extra-epochs", extraEpochs, 0, Integer.MAX_VALUE);
    }
}
