package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;

/**
 * Results of the last {@link Engine#control}; a view into the engine, valid until its next call.
 * Scalars are free; every tensor and array is a fresh copy. See {@link
 * io.dfc.api.control.Convergence} for the masks; the linearised solver judges no sample and counts
 * every one as converged.
 */
public interface ControlPass {
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
    int simulated();

    /**
     * {@return with {@link io.dfc.api.control.Solver.Auto}, the estimated relative error of the
     * worst layer's update against exact simulation; 0 when the phase was simulated, and with every
     * other solver}
     */
    double errorEstimate();

    /** {@return {@code ||e - alpha u|| / ||r_L^-||} at the last point, shape [B]} */
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
     * Norm of a layer's weight and bias gradient after clipping.
     *
     * @param update position in the plan's list of updates
     * @param layer layer, from 0
     * @return the Euclidean norm; NaN or infinite when the phase diverged
     */
    double gradientNorm(int update, int layer);

    /**
     * An update after clipping.
     *
     * @param update position in the plan's list of updates
     * @return its gradient
     */
    Gradients gradients(int update);

    /** {@return what the plan's recording asked for} */
    Trajectory trajectory();
}
