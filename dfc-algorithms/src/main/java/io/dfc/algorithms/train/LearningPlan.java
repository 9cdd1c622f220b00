package io.dfc.algorithms.train;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;

import java.util.Objects;
import java.util.Optional;

/**
 * A plan, and what sweeps over the training set do with it. A step names the phase that a sweep
 * runs, the gradient of that phase that it descends, and the optimiser.
 *
 * @param plan the plan
 * @param forward step of the forward weights and biases
 * @param feedback step of the feedback weights within an epoch, if they learn
 * @param pretraining step of the feedback weights before the first epoch, if they learn
 */
public record LearningPlan(
        Plan plan,
        StepHandle forward,
        Optional<StepHandle> feedback,
        Optional<StepHandle> pretraining) {
    /** Checks that the steps are those of the plan. */
    public LearningPlan {
        Objects.requireNonNull(pretraining, "pretraining");
        requireOwn(plan, forward);
        feedback.ifPresent(step -> requireOwn(plan, step));
        pretraining.ifPresent(step -> requireOwn(plan, step));
    }

    /**
     * A plan whose feedback weights, if it has any, stay as they are.
     *
     * @param plan the plan
     * @param forward step of the forward weights and biases
     */
    public LearningPlan(Plan plan, StepHandle forward) {
        this(plan, forward, Optional.empty(), Optional.empty());
    }

    private static void requireOwn(Plan plan, StepHandle step) {
        if (!plan.steps().contains(step)) {
            throw new IllegalArgumentException("step " + step + " is not one of the plan");
        }
    }

    /**
     * The step that a sweep takes.
     *
     * @param sweep the sweep
     * @return its step, if the plan has one
     */
    public Optional<StepHandle> step(Sweep sweep) {
        return switch (sweep) {
            case FORWARD -> Optional.of(forward);
            case FEEDBACK -> feedback;
            case PRETRAINING -> pretraining;
        };
    }

    /** {@return the loop from which the forward weights learn, if they learn from one} */
    public Optional<LoopHandle> forwardLoop() {
        return forward.phase() instanceof LoopHandle loop ? Optional.of(loop) : Optional.empty();
    }
}
