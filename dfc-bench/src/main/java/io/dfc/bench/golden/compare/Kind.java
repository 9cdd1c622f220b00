package io.dfc.bench.golden.compare;

import java.util.Locale;

/** The kind of computation in a golden file. */
public enum Kind {
    /** The closed loop of the forward phase, its masks and its updates. */
    DYNAMICS,
    /** The linearised steady state (DFC-SSA) and its updates. */
    ANALYTIC,
    /** One gradient of the feedback weights. */
    FEEDBACK,
    /** A few minibatches of training. */
    TRAINING,
    /** Strong-DFC, in a single phase or in two. */
    STRONG,
    /** Angles, condition and eigenvalues of updates. */
    DIAGNOSTICS;

    /** {@return the name used in golden files} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
