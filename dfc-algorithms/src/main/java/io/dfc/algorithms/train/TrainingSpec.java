package io.dfc.algorithms.train;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;

import java.util.Objects;

/**
 * What a training run does, in terms of the API alone.
 *
 * @param plan plan of the engine; its {@code maxBatch} is the size of the minibatches
 * @param initial parameters at the start
 * @param teaching where the gradient of the forward parameters comes from
 * @param schedule course of the learning rates of the forward parameters
 * @param feedback when the feedback weights learn
 * @param epochs number of epochs, at least 0
 * @param seed seed of shuffling and noise
 * @param stop when to give up
 */
public record TrainingSpec(
        Plan plan,
        Parameters initial,
        Teaching teaching,
        RateSchedule schedule,
        FeedbackSchedule feedback,
        int epochs,
        long seed,
        StopRules stop) {
    /** Checks that the plan can do what the schedule asks for. */
    public TrainingSpec {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(stop, "stop");
        initial.requireFit(plan.network());
        if (epochs < 0) {
            throw new BadConfigurationException("epochs", "must be at least 0, got " + epochs);
        }
        boolean taught =
                switch (teaching) {
                    case CONTROL ->
                            plan.control().isPresent() && !plan.control().get().updates().isEmpty();
                    case BACKWARD -> plan.backward().isPresent();
                };
        if (!taught) {
            throw new IllegalArgumentException("the plan has no phase for teaching " + teaching);
        }
        requireOptimizer(plan, OptimizerSlot.FORWARD);
        if (feedback.pretrainingEpochs() > 0) {
            requireFeedback(plan, OptimizerSlot.FEEDBACK_PRETRAINING);
        }
        if (feedback.passesPerEpoch() > 0) {
            requireFeedback(plan, OptimizerSlot.FEEDBACK);
        }
    }

    private static void requireFeedback(Plan plan, OptimizerSlot slot) {
        if (plan.feedback().isEmpty()) {
            throw new IllegalArgumentException(
                    "the plan has no feedback phase, but the schedule asks for one");
        }
        requireOptimizer(plan, slot);
    }

    private static void requireOptimizer(Plan plan, OptimizerSlot slot) {
        if (!plan.optimizations().containsKey(slot)) {
            throw new IllegalArgumentException("the plan has no optimiser in slot " + slot);
        }
    }
}
