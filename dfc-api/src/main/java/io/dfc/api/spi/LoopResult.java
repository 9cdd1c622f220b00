package io.dfc.api.spi;

import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Trajectory;

import java.util.Arrays;
import java.util.List;

/**
 * Results of a {@link io.dfc.api.plan.LoopPhase}. See {@link io.dfc.api.control.Convergence} for
 * the masks. The linearised solver checks no sample, nor does a loop in which feedback weights
 * alone learn: they count every sample as converged and none as diverged, as the methods here do
 * unless they are overridden.
 */
public interface LoopResult extends PhaseResult {
    /** {@return the number of samples} */
    int samples();

    /** {@return the number of samples that converged} */
    default int converged() {
        return count(convergedSamples());
    }

    /** {@return the number of samples that count as diverged at the last point} */
    default int diverged() {
        return count(divergedSamples());
    }

    private static int count(boolean[] mask) {
        int count = 0;
        for (boolean sample : mask) {
            count += sample ? 1 : 0;
        }
        return count;
    }

    /**
     * {@return the number of samples that were simulated although the solver is no simulation:
     * those for which the steady-state solver found no stable root, or all of the minibatch where
     * the reduced-order loop of {@link io.dfc.api.control.Solver.Auto} could not meet its
     * tolerance}
     */
    default int fallbackSamples() {
        return 0;
    }

    /**
     * {@return with {@link io.dfc.api.control.Solver.Auto}, the estimated relative error of the
     * worst layer's update against exact simulation; 0 when the phase was simulated, and with every
     * other solver}
     */
    default double errorEstimate() {
        return 0;
    }

    /**
     * {@return {@code ||e - alpha u|| / ||r_L^-||} at the last point, shape [B]}
     *
     * @throws IllegalStateException if feedback weights alone learn: the loop checks no convergence
     */
    Tensor distanceRatio();

    /** {@return per sample, whether it converged} */
    default boolean[] convergedSamples() {
        boolean[] all = new boolean[samples()];
        Arrays.fill(all, true);
        return all;
    }

    /** {@return per sample, whether it counts as diverged at the last point} */
    default boolean[] divergedSamples() {
        return new boolean[samples()];
    }

    /**
     * {@return per sample, the number of points from 1 on at which it counts as diverged; 0 or 1
     * for solvers without time}
     */
    default int[] divergedTimePoints() {
        boolean[] diverged = divergedSamples();
        int[] points = new int[diverged.length];
        for (int s = 0; s < points.length; s++) {
            points[s] = diverged[s] ? 1 : 0;
        }
        return points;
    }

    /**
     * {@return {@code G_Q(i)} before clipping, shape [n_i, n_L] each}
     *
     * @throws IllegalStateException if the feedback weights do not learn
     */
    default List<Tensor> unclippedFeedback() {
        throw new IllegalStateException("the loop has no feedback plasticity");
    }

    /**
     * {@return what the run was asked to record}
     *
     * @throws IllegalStateException if it was asked for nothing
     */
    default Trajectory trajectory() {
        throw new IllegalStateException("the loop was not asked to record");
    }
}
