package io.dfc.algorithms.train;

/**
 * How the controlled samples of an epoch fared.
 *
 * @param converged samples that converged
 * @param diverged samples that counted as diverged at the last time point
 * @param undecided samples that did neither
 * @param simulated samples for which a solver without time found no root
 */
public record ConvergenceCounts(long converged, long diverged, long undecided, long simulated) {
    /** No samples. */
    public static final ConvergenceCounts NONE = new ConvergenceCounts(0, 0, 0, 0);

    /** {@return the number of samples} */
    public long samples() {
        return converged + diverged + undecided;
    }
}
