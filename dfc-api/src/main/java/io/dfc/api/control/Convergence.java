package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

/**
 * Which samples take part in an update, decided per sample from {@code ratio[k] = ||e[k] - alpha
 * u[k]|| / ||r_L^-||} as in the published program: a sample has converged if at the last point
 * {@code ratio < 1e-5} and {@code ||e|| < epsilon^2 ||e[0]||}; it counts as diverged at every point
 * where {@code ratio > 1}.
 *
 * <p>A sample left out contributes nothing to the sum over the minibatch but still counts in its
 * denominator.
 *
 * @param epsilon {@code epsilon}, above 0; published: 0.5
 * @param includeAll whether every sample takes part, converged or not
 */
public record Convergence(double epsilon, boolean includeAll) {
    /** Bound on the distance ratio below which a sample may count as converged. */
    public static final double RATIO_CONVERGED = 1e-5;

    /** Distance ratio above which a sample counts as diverged. */
    public static final double RATIO_DIVERGED = 1;

    /** Checks the range. */
    public Convergence {
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new BadConfigurationException(
                    "control.convergence-epsilon", "must be above 0, got " + epsilon);
        }
    }

    /** {@return the published test, with every sample taking part} */
    public static Convergence includingAll() {
        return new Convergence(0.5, true);
    }

    /**
     * The test of convergence.
     *
     * @param ratio distance ratio at the last point
     * @param errorNorm {@code ||e||} at the last point
     * @param initialErrorNorm {@code ||e[0]||}
     * @return whether the sample has converged
     */
    public boolean converged(double ratio, double errorNorm, double initialErrorNorm) {
        return ratio < RATIO_CONVERGED && errorNorm < epsilon * epsilon * initialErrorNorm;
    }
}
