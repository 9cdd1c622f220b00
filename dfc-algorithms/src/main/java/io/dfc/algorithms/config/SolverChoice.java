package io.dfc.algorithms.config;

/**
 * How the controlled state is found; dfc-ssa always uses the analytic steady state of the
 * linearised network.
 */
public enum SolverChoice {
    /** Whatever the method is defined by: simulation, except for dfc-ssa. */
    AUTO("auto"),
    /** Fixed-step Euler simulation. */
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
