package io.dfc.algorithms.train;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;

import java.util.Objects;

/**
 * What a training run does, in terms of the API alone.
 *
 * @param learning how the network learns; the plan's {@code maxBatch} is the size of the
 *     minibatches
 * @param initial parameters at the start
 * @param epochs number of epochs, at least 0
 * @param seed seed of shuffling and noise
 * @param stop when to stop early
 */
public record TrainingSpec(
        LearningPlan learning, Parameters initial, int epochs, long seed, StopRules stop) {
    /** Checks that the parameters are those of the plan. */
    public TrainingSpec {
        Objects.requireNonNull(stop, "stop");
        learning.plan().requireFit(initial, ElementType.F64);
        if (epochs < 0) {
            throw new BadConfigurationException("epochs", "must be at least 0, got " + epochs);
        }
    }

    /**
     * A run that begins with the parameters that its plan draws.
     *
     * @param learning how the network learns
     * @param epochs number of epochs, at least 0
     * @param seed seed of shuffling and noise
     * @param stop when to stop early
     */
    public TrainingSpec(LearningPlan learning, int epochs, long seed, StopRules stop) {
        this(learning, learning.initial().get(), epochs, seed, stop);
    }

    /** {@return the plan of the engine} */
    public Plan plan() {
        return learning.plan();
    }

    /** {@return the course of the learning rates in training sweeps} */
    public RateSchedule schedule() {
        return learning.schedule();
    }

    /**
     * This run on the plan of another, to train beside it on engines of that plan.
     *
     * @param other a plan with the same contents
     * @return the run
     */
    public TrainingSpec on(LearningPlan other) {
        return new TrainingSpec(other, initial, epochs, seed, stop);
    }
}
