package io.dfc.algorithms.train;

import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.ProgramResult;

/**
 * The minibatch on which a {@link MinibatchUpdate} works: it runs phases of the plan with the noise
 * of the minibatch and applies their steps. The run records the loops that a {@link
 * io.dfc.algorithms.measure.RunMeasurement} asks for and counts the samples that converged.
 */
public interface MinibatchRun {
    /** {@return the results of the feedforward pass, as they were before the first step} */
    ForwardResult forward();

    /** {@return how many minibatches the run has learnt from before, all sweeps counted} */
    int number();

    /**
     * Runs a loop.
     *
     * @param loop a loop of the plan
     * @return its results, valid until it runs again
     */
    LoopResult run(LoopHandle loop);

    /**
     * Runs a phase that learns feedback weights without a loop.
     *
     * @param phase a phase of the plan
     * @return its results, valid until it runs again
     */
    PerturbationResult run(PerturbationHandle phase);

    /**
     * Runs a program.
     *
     * @param program a program of the plan
     * @return its results, valid until it runs again
     */
    ProgramResult run(ProgramHandle program);

    /**
     * Runs a program with other noise than that of the minibatch, for methods that learn several
     * times from one.
     *
     * @param program a program of the plan
     * @param draw which noise, at least 0; 0 is that of the minibatch
     * @return its results, valid until it runs again
     */
    ProgramResult run(ProgramHandle program, int draw);

    /**
     * Runs a phase of any kind.
     *
     * @param phase a phase of the plan
     * @return its results, valid until it runs again
     */
    default PhaseResult run(PhaseHandle phase) {
        return switch (phase) {
            case LoopHandle loop -> run(loop);
            case PerturbationHandle perturbation -> run(perturbation);
            case ProgramHandle program -> run(program);
        };
    }

    /**
     * Takes steps at the learning rates of their optimisers, in a training sweep scaled by the
     * schedule; all of them or, if one cannot be taken, none.
     *
     * @param steps steps of the plan whose gradients were formed for this minibatch
     * @throws io.dfc.api.error.DivergenceException if a gradient is not finite
     */
    default void apply(StepHandle... steps) {
        apply(1, steps);
    }

    /**
     * Takes steps at scaled learning rates, which may depend on results.
     *
     * @param factor further factor on the learning rates, finite
     * @param steps steps of the plan whose gradients were formed for this minibatch
     * @throws io.dfc.api.error.DivergenceException if a gradient is not finite
     */
    void apply(double factor, StepHandle... steps);

    /**
     * Takes steps at scaled learning rates that the schedule does not touch.
     *
     * @param factor factor on the learning rates, finite
     * @param steps steps of the plan whose gradients were formed for this minibatch
     * @throws io.dfc.api.error.DivergenceException if a gradient is not finite
     */
    void applyUnscheduled(double factor, StepHandle... steps);
}
