package io.dfc.algorithms.model;

/**
 * Deep Feedback Control (arXiv 2106.07887), whose feedback weights learn too. {@link Methods} has
 * the variants with fixed feedback weights, and all other methods.
 */
public final class Dfc {
    private Dfc() {}

    /** {@return {@code dfc}: learns from the whole controlled trajectory} */
    public static Method trajectory() {
        return Methods.named("dfc");
    }

    /** {@return {@code dfc-ss}: learns from the last controlled state} */
    public static Method steadyState() {
        return Methods.named("dfc-ss");
    }

    /**
     * {@return {@code dfc-ssa}: learns from the analytic steady state of the linearised network,
     * the fastest of the three}
     */
    public static Method analytic() {
        return Methods.named("dfc-ssa");
    }
}
