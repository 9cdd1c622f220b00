package io.dfc.api.reference.loop;

import io.dfc.api.control.Convergence;
import io.dfc.api.plan.LoopPhase;

import java.util.Arrays;

/**
 * Which samples of a loop converged, and where they counted as diverged; see {@link Convergence}.
 */
final class SampleConvergence {
    final double[] ratio;
    final boolean[] converged;
    final boolean[] diverged;

    /** Time points after the first at which a sample counted as diverged. */
    final int[] divergedPoints;

    private final Convergence criterion;
    private final double leakage;
    private final int outputs;

    SampleConvergence(LoopPhase phase, int outputs, int samples) {
        this.criterion = phase.convergence();
        this.leakage = phase.controller().leakage();
        this.outputs = outputs;
        ratio = new double[samples];
        converged = new boolean[samples];
        diverged = new boolean[samples];
        divergedPoints = new int[samples];
    }

    /** Counts a time point at which a sample is diverged. */
    void countPoint(int s, LoopState state) {
        if (distanceRatio(state) > Convergence.RATIO_DIVERGED) {
            divergedPoints[s]++;
        }
    }

    /**
     * Checks the last state of a sample.
     *
     * @param initialNorm norm of the control error at time point 0
     */
    void check(int s, LoopState last, double initialNorm) {
        ratio[s] = distanceRatio(last);
        converged[s] = criterion.converged(ratio[s], last.errorNorm(0, outputs), initialNorm);
        diverged[s] = ratio[s] > Convergence.RATIO_DIVERGED;
    }

    /** The same where the state found is the only one after time point 0. */
    void checkWithoutTime(int s, LoopState found, double initialNorm) {
        check(s, found, initialNorm);
        divergedPoints[s] = diverged[s] ? 1 : 0;
    }

    /** Measures a sample that takes part whatever its distance. */
    void measure(int s, LoopState found) {
        ratio[s] = distanceRatio(found);
        converged[s] = true;
    }

    /** Lets all samples take part. */
    void includeAllSamples() {
        Arrays.fill(converged, true);
        Arrays.fill(diverged, false);
        Arrays.fill(divergedPoints, 0);
    }

    private double distanceRatio(LoopState state) {
        return state.distanceRatio(0, outputs, leakage);
    }

    static int count(boolean[] mask) {
        int n = 0;
        for (boolean b : mask) {
            n += b ? 1 : 0;
        }
        return n;
    }
}
