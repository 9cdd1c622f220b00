package io.dfc.algorithms.config;

/** How the forward weights learn. */
public enum Method {
    /** Deep Feedback Control: the update is a mean over the controlled trajectory. */
    DFC("dfc", true),
    /** DFC at the last controlled state. */
    DFC_SS("dfc-ss", true),
    /** DFC at the analytic steady state of the linearised network. */
    DFC_SSA("dfc-ssa", true),
    /** {@link #DFC} with feedback weights that never learn. */
    DFC_FIXED("dfc-fixed", true),
    /** {@link #DFC_SS} with feedback weights that never learn. */
    DFC_SS_FIXED("dfc-ss-fixed", true),
    /** {@link #DFC_SSA} with feedback weights that never learn. */
    DFC_SSA_FIXED("dfc-ssa-fixed", true),
    /** Backpropagation. */
    BP("bp", true),
    /** Backpropagation into the last layer alone. */
    BP_SHALLOW("bp-shallow", false),
    /** Direct feedback alignment. */
    DFA("dfa", false),
    /** Feedback learning without forward learning. */
    FEEDBACK_ONLY("feedback-only", false),
    /** {@link #DFC} as the Strong-DFC program runs it, which clips layers jointly. */
    DFC_OF_STRONG_PROGRAM("dfc-of-strong-program", false),
    /** {@link #BP} as the Strong-DFC program runs it, which clips layers jointly. */
    BP_OF_STRONG_PROGRAM("bp-of-strong-program", false),
    /** Strong-DFC in a single phase. */
    STRONG_DFC("strong-dfc", false),
    /** Strong-DFC in two phases. */
    STRONG_DFC_2PHASE("strong-dfc-2phase", false),
    /** The least-control principle and its relatives. */
    LEAST_CONTROL("least-control", false),
    /** Target propagation and its relatives. */
    TARGET_PROPAGATION("target-propagation", false);

    private final String label;
    private final boolean available;

    Method(String label, boolean available) {
        this.label = label;
        this.available = available;
    }

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    /**
     * {@return whether this version can train with it; the others are known for the sake of
     * published configurations}
     */
    public boolean isAvailable() {
        return available;
    }

    /** {@return whether the method drives the network with a controller} */
    public boolean isControlled() {
        return this != BP && this != BP_SHALLOW && this != BP_OF_STRONG_PROGRAM && this != DFA;
    }

    /** {@return whether there are feedback weights, and they do not stay as they were drawn} */
    public boolean learnsFeedback() {
        return isControlled() && this != DFC_FIXED && this != DFC_SS_FIXED && this != DFC_SSA_FIXED;
    }

    @Override
    public String toString() {
        return label;
    }
}
