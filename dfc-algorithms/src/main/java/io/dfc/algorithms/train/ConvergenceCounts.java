package io.dfc.algorithms.train;

/**
 * Numbers of samples of an epoch by how their loops ended.
 *
 * @param converged samples that converged
 * @param diverged samples that counted as diverged at the last time point
 * @param undecided samples that did neither
 * @param fallbackSamples samples that were simulated because the solver found no valid state for
 *     them
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
