package io.dfc.algorithms.train;

/**
 * How the controlled samples of an epoch fared.
 *
 * @param converged samples that converged
 * @param diverged samples that counted as diverged at the last time point
 * @param undecided samples that did neither
 * @param fallbackSamples samples that were simulated although the solver does without where it can
 */
public record ConvergenceCounts(
        long converged, long diverged, long undecided, long fallbackSamples) {
    /** No samples. */
    public static final ConvergenceCounts NONE = new ConvergenceCounts(0, 0, 0, 0);

    /** {@return the number of samples} */
    public long samples() {
        return converged + diverged + undecided;
    }
}
