package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/**
 * Results of a {@link io.dfc.api.plan.LoopPhase}. See {@link io.dfc.api.control.Convergence} for
 * the masks. The linearised solver judges no sample, nor does a loop in which feedback weights
 * alone learn: they count every sample as converged and none as diverged.
 */
public interface LoopResult extends PhaseResult {
    /** {@return the number of samples} */
    int samples();

    /** {@return the number of samples that converged} */
    int converged();

    /** {@return the number of samples that count as diverged at the last point} */
    int diverged();

    /**
     * {@return the number of samples that were simulated although the solver looks for a shorter
     * way: those for which a solver without time found no stable root, or all of the minibatch
     * where {@link io.dfc.api.control.Solver.Auto} could not meet its tolerance otherwise}
     */
    int fallbackSamples();

    /**
     * {@return with {@link io.dfc.api.control.Solver.Auto}, the estimated relative error of the
     * worst layer's update against exact simulation; 0 when the phase was simulated, and with every
     * other solver}
     */
    double errorEstimate();

    /**
     * {@return {@code ||e - alpha u|| / ||r_L^-||} at the last point, shape [B]}
     *
     * @throws IllegalStateException if feedback weights alone learn, for then nobody asks
     */
    Tensor distanceRatio();

    /** {@return per sample, whether it converged} */
    boolean[] convergedSamples();

    /** {@return per sample, whether it counts as diverged at the last point} */
    boolean[] divergedSamples();

    /**
     * {@return per sample, the number of points from 1 on at which it counts as diverged; 0 or 1
     * for solvers without time}
     */
    int[] divergedTimePoints();

    /**
     * {@return {@code G_Q(i)} before clipping, shape [n_i, n_L] each}
     *
     * @throws IllegalStateException if the feedback weights do not learn
     */
    List<Tensor> unclippedFeedback();

    /**
     * {@return what the run was asked to record}
     *
     * @throws IllegalStateException if it was asked for nothing
     */
    Trajectory trajectory();
}
