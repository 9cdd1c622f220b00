package io.dfc.algorithms.config;

/** Something that can be measured of a run. */
public enum DiagnosticMeasure {
    /** Norms of the parameters and of the update. */
    NORMS("norms"),
    /** Angles between the update and the loss gradient. */
    BP("bp"),
    /** Angles between the update and that of Gauss-Newton targets. */
    GN("gn"),
    /** Angles between the update and those of minimum-norm targets. */
    MN("mn"),
    /** Condition 1, in both published forms. */
    CONDITION_1("condition-1"),
    /** Condition 2. */
    CONDITION_2("condition-2"),
    /** Angles between the feedback weights and the transposed Jacobian and its pseudo-inverse. */
    FEEDBACK("feedback"),
    /** Share of the update that moves no output; on small minibatches only. */
    NULL_SPACE("null-space"),
    /** Distance to the analytic steady state, and angles to its update. */
    ANALYTIC("analytic"),
    /** Largest real parts of the eigenvalues of the loops. */
    STABILITY("stability"),
    /** Numbers of samples that converged and diverged. */
    CONVERGENCE("convergence"),
    /** Ratio of feedback to forward drive. */
    DRIVE("drive"),
    /** The loss that Strong-DFC descends, and the angle of the update to its gradient. */
    SURROGATE_LOSS("surrogate-loss");

    private final String label;

    DiagnosticMeasure(String label) {
        this.label = label;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }
}
