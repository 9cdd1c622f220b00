package io.dfc.algorithms.train;

import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.StepHandle;

import java.util.List;
import java.util.Objects;

/**
 * Steps that are taken on some minibatches of the training sweep: on the first one and on every
 * n-th after it, in each epoch anew. Their phases run on the feedforward pass of that minibatch,
 * before the sweep's own update, so that both learn at the same parameters; they are taken after
 * that update.
 *
 * <p>Their phases draw their noise with the number of that minibatch, as those of the update do.
 * Loops that learn feedback weights and loops that do not have streams of their own ({@link
 * io.dfc.api.noise.Philox}), so that no number is used twice.
 *
 * @param every {@code n}, at least 1
 * @param rates course of their learning rates over the training sweeps of the run
 * @param steps the steps, at least one, of the plan
 */
public record InterleavedSteps(int every, RateSchedule rates, List<StepHandle> steps) {
    /** Checks the ranges and copies the list. */
    public InterleavedSteps {
        Objects.requireNonNull(rates, "rates");
        steps = List.copyOf(steps);
        if (every < 1) {
            throw new IllegalArgumentException(
                    "steps are interleaved on every n-th minibatch, n at least 1, got " + every);
        }
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("there is no step to interleave");
        }
    }

    /** {@return the phases of the steps, each once} */
    List<PhaseHandle> phases() {
        return steps.stream().map(StepHandle::phase).distinct().toList();
    }

    /**
     * Whether the steps are taken on a minibatch.
     *
     * @param minibatch minibatch of the training sweep, from 0
     */
    boolean isDue(int minibatch) {
        return minibatch % every == 0;
    }

    @Override
    public String toString() {
        return steps.stream().map(step -> step.optimizer().name()).toList()
                + " every "
                + every
                + ", "
                + rates.label();
    }
}
