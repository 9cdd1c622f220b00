package io.dfc.bench.golden.compare;

import java.util.Locale;

/** The kind of computation in a golden file. */
public enum Kind {
    /** The closed loop of the forward phase, its masks and its updates. */
    DYNAMICS(true),
    /** The linearised steady state (DFC-SSA) and its updates. */
    ANALYTIC(true),
    /** One gradient of the feedback weights. */
    FEEDBACK(true),
    /** A few minibatches of training. */
    TRAINING(true),
    /** Strong-DFC, in a single phase or in two. */
    STRONG(true),
    /** Angles, condition and eigenvalues of updates. */
    DIAGNOSTICS(false);

    private final boolean covered;

    Kind(boolean covered) {
        this.covered = covered;
    }

    /** {@return the name used in golden files} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether files of this kind can be checked} */
    public boolean isCovered() {
        return covered;
    }
}
