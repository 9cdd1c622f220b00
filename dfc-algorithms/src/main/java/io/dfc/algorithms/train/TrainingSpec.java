package io.dfc.algorithms.train;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;

import java.util.Objects;

/**
 * What a training run does, in terms of the API alone.
 *
 * @param learning plan of the engine, and what sweeps do with it; the plan's {@code maxBatch} is
 *     the size of the minibatches
 * @param initial parameters at the start
 * @param schedule course of the learning rates of the forward parameters
 * @param feedback when the feedback weights learn
 * @param epochs number of epochs, at least 0
 * @param seed seed of shuffling and noise
 * @param stop when to give up
 */
public record TrainingSpec(
        LearningPlan learning,
        Parameters initial,
        RateSchedule schedule,
        FeedbackSchedule feedback,
        int epochs,
        long seed,
        StopRules stop) {
    /** Checks that the plan can do what the schedule asks for. */
    public TrainingSpec {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(stop, "stop");
        learning.plan().requireFit(initial, ElementType.F64);
        if (epochs < 0) {
            throw new BadConfigurationException("epochs", "must be at least 0, got " + epochs);
        }
        requireStep(learning, Sweep.PRETRAINING, feedback.pretrainingEpochs());
        requireStep(learning, Sweep.FEEDBACK, feedback.sweepsPerEpoch());
    }

    private static void requireStep(LearningPlan learning, Sweep sweep, int sweeps) {
        if (sweeps > 0 && learning.step(sweep).isEmpty()) {
            throw new IllegalArgumentException(
                    "the plan has no step for a "
                            + sweep.label()
                            + " sweep, but the schedule asks for one");
        }
    }

    /** {@return the plan of the engine} */
    public Plan plan() {
        return learning.plan();
    }

    /**
     * This run on the plan of another, to train beside it on engines of that plan.
     *
     * @param other a plan that {@link PlanComparison} finds alike
     * @return the run
     */
    public TrainingSpec on(LearningPlan other) {
        return new TrainingSpec(other, initial, schedule, feedback, epochs, seed, stop);
    }
}
