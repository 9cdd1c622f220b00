package io.dfc.tornado.memory;

import io.dfc.api.control.Solver;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.reduced.OutputSpace;

/** Which loops of a plan are tried in output space before they are simulated. */
public final class ReducedOrder {
    /**
     * Most outputs with which feedback weights learn from the mean over all noise: that takes
     * matrices of so many rows and columns for each sample.
     */
    public static final int MOST_EXPECTED_OUTPUTS = 64;

    /**
     * Largest number of floats of a network's Jacobians, 128 MiB; larger minibatches are simulated.
     */
    private static final long MAX_JACOBIANS = 1 << 25;

    private ReducedOrder() {}

    /** Whether a loop without noise, in which forward parameters learn, is tried. */
    public static boolean coversForward(Plan plan, LoopPhase phase) {
        return phase.solver() instanceof Solver.Auto
                && OutputSpace.coversForward(plan.network(), phase)
                && fits(plan);
    }

    /** Whether a noisy loop, in which feedback weights alone learn, is tried. */
    public static boolean coversFeedback(Plan plan, LoopPhase phase) {
        return coversFeedback(plan, phase, plan.maxBatch()) && fits(plan);
    }

    /** Whether such a loop is tried with a minibatch of so many samples. */
    public static boolean coversFeedback(Plan plan, LoopPhase phase, int samples) {
        return phase.solver() instanceof Solver.Auto
                && phase.feedbackPlasticity().filter(p -> !p.isExpected()).isPresent()
                && phase.forwardPlasticities().isEmpty()
                && OutputSpace.coversFeedback(plan.network(), phase, samples);
    }

    /**
     * Whether the Jacobians of a plan's minibatches are small enough for the device, and its
     * weights are whole: the kernels of the reduced-order loop read no packed ones.
     */
    private static boolean fits(Plan plan) {
        if (plan.precision() != Precision.FULL) {
            return false;
        }
        long rows = (long) plan.maxBatch() * plan.network().outputs();
        return rows * plan.network().neurons() <= MAX_JACOBIANS;
    }
}
