package io.dfc.bench.golden.compare;

/** The kind of computation in a golden file. */
public enum Kind {
    /** The closed loop of the forward phase, its masks and its updates. */
    DYNAMICS("dynamics", true),
    /** The linearised steady state (DFC-SSA) and its updates. */
    ANALYTIC("analytic", true),
    /** One gradient of the feedback weights. */
    FEEDBACK("feedback", true),
    /** A few minibatches of training. */
    TRAINING("training", true),
    /** Strong-DFC, in a single phase or in two. */
    STRONG("strong", true),
    /** Angles, condition and eigenvalues of updates. */
    DIAGNOSTICS("diagnostics", false);

    private final String label;
    private final boolean covered;

    Kind(String label, boolean covered) {
        this.label = label;
        this.covered = covered;
    }

    /** {@return the name used in golden files} */
    public String label() {
        return label;
    }

    /** {@return whether files of this kind can be checked} */
    public boolean isCovered() {
        return covered;
    }
}
