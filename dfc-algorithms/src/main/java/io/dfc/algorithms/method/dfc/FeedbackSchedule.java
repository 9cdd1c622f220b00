package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.train.InterleavedSteps;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.plan.StepHandle;

import java.util.List;
import java.util.Locale;

/**
 * When the feedback weights learn: the part of {@link FeedbackSection} that says so, under the same
 * names.
 *
 * @param pretrainingEpochs sweeps before the first epoch
 * @param pretrainingMinibatches minibatches before the first epoch, in place of sweeps
 * @param extraEpochs sweeps at the end of every epoch
 * @param epochBeforeForward whether every epoch begins with a sweep
 * @param every step on the first of every so many forward minibatches, in place of sweeps; 0: none
 * @param schedule course of the learning rate of these steps
 */
record FeedbackSchedule(
        int pretrainingEpochs,
        int pretrainingMinibatches,
        int extraEpochs,
        boolean epochBeforeForward,
        int every,
        String schedule) {
    static FeedbackSchedule of(FeedbackSection section) {
        return new FeedbackSchedule(
                section.pretrainingEpochs(),
                section.pretrainingMinibatches(),
                section.extraEpochs(),
                section.epochBeforeForward(),
                section.every(),
                section.schedule());
    }

    /** Checks the ranges, and that no two settings say different things. */
    void check() {
        within("feedback.pretraining-epochs", pretrainingEpochs, 0, Integer.MAX_VALUE);
        within("feedback.pretraining-minibatches", pretrainingMinibatches, 0, Integer.MAX_VALUE);
        within("feedback.extra-epochs", extraEpochs, 0, Integer.MAX_VALUE);
        within("feedback.every", every, 0, Integer.MAX_VALUE);
        oneOf("feedback.schedule", schedule, List.of("constant", "linear"));
        if (pretrainingMinibatches > 0 && pretrainingEpochs > 0) {
            throw new BadConfigurationException(
                    "feedback.pretraining-minibatches",
                    "takes the place of feedback.pretraining-epochs, which is "
                            + pretrainingEpochs
                            + "; set one of them to 0");
        }
        if (every > 0 && (extraEpochs > 0 || epochBeforeForward)) {
            throw new BadConfigurationException(
                    "feedback.every",
                    "takes the place of whole sweeps in every epoch; set feedback.epoch-before-forward=false and"
                            + " feedback.extra-epochs=0 with it, or leave it at 0");
        }
        if (every == 0 && schedule.equals("linear")) {
            throw new BadConfigurationException(
                    "feedback.schedule",
                    "linear goes with feedback.every, which is 0; whole sweeps have a constant rate");
        }
    }

    /**
     * Makes sure that feedback weights that never learn are given no minibatches to learn from.
     *
     * @param method name of the method
     */
    void requireNone(String method) {
        String key =
                every > 0
                        ? "feedback.every"
                        : pretrainingMinibatches > 0 ? "feedback.pretraining-minibatches" : "";
        if (!key.isEmpty()) {
            throw new BadConfigurationException(
                    key,
                    "is for feedback weights that learn, and those of method "
                            + method
                            + " never do; set it to 0");
        }
    }

    /** Whether feedback weights learn at all. */
    boolean isActive() {
        return pretrainingEpochs > 0
                || pretrainingMinibatches > 0
                || extraEpochs > 0
                || epochBeforeForward
                || every > 0;
    }

    /**
     * Adds feedback learning to the learning of the forward weights.
     *
     * @param forward learning of the forward weights
     * @param pretraining step before the first epoch
     * @param training step during training
     * @return learning of both
     */
    LearningPlan applied(LearningPlan forward, StepHandle pretraining, StepHandle training) {
        Sweep before = new Sweep("feedback pre-training", MinibatchUpdate.of(pretraining));
        Sweep during = new Sweep("feedback", MinibatchUpdate.of(training));
        LearningPlan plan =
                forward.pretrainedBy(
                                pretrainingMinibatches > 0
                                        ? before.ofMinibatches(pretrainingMinibatches)
                                        : before.repeated(pretrainingEpochs))
                        .precededBy(during.repeated(epochBeforeForward ? 1 : 0))
                        .followedBy(during.repeated(extraEpochs));
        return every == 0
                ? plan
                : plan.interleavedWith(
                        new InterleavedSteps(
                                every,
                                RateSchedule.valueOf(schedule.toUpperCase(Locale.ROOT)),
                                List.of(training)));
    }
}
