package io.dfc.algorithms.method.dfc;

/**
 * How the controlled state is found; dfc-ssa always uses the analytic steady state of the
 * linearised network.
 */
public enum SolverChoice {
    /**
     * The loop in output space where its estimated error meets the tolerance, simulation otherwise;
     * in the forward and in the feedback phase.
     */
    AUTO("auto"),
    /** Fixed-step Euler simulation, in the forward and in the feedback phase. */
    EULER("euler"),
    /** The nonlinear steady state, found directly; for dfc-ss. */
    STEADY_STATE("steady-state");

    private final String label;

    SolverChoice(String label) {
        this.label = label;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
