package io.dfc.tornado.kernel;

/** Codes: values of table entries that select a case. */
public final class TableCodes {
    // Kinds of control error.
    public static final int DISTANCE = 0;
    public static final int LABEL_DIFFERENCE = 1;
    public static final int LABEL_SOFTMAX = 2;

    // Kinds of noise.
    public static final int NO_NOISE = 0;
    public static final int GENERATED = 1;
    public static final int RECORDED = 2;

    // Activations.
    static final int LINEAR = 0;
    static final int TANH = 1;
    static final int RECTIFIED = 2;
    static final int SIGMOID = 3;

    // Rules.
    public static final int VOLTAGE_DIFFERENCE = 0;
    public static final int DERIVATIVE = 1;
    public static final int NONLINEAR_DIFFERENCE = 2;

    // Presynaptic rates.
    public static final int CONTROLLED = 0;
    public static final int FEEDFORWARD = 1;

    /**
     * The output's deviation in place of rates: from here on, gradients are those of feedback
     * weights.
     */
    public static final int OUTPUT_CHANGE = 2;

    /** The control in place of rates. */
    public static final int CONTROL_SIGNAL = 3;

    // Masks of samples.
    public static final int ALL_SAMPLES = 0;
    public static final int CONVERGED_ONLY = 1;
    public static final int NOT_DIVERGED = 2;

    // Status of a sample in the search for a steady state.
    public static final int SEARCHING = 0;
    public static final int SOLVED = 1;
    public static final int UNSOLVED = 2;

    // Clipping.
    public static final int UNCLIPPED = 0;
    public static final int PER_TENSOR = 1;
    public static final int PER_LAYER = 2;
    public static final int JOINT = 3;

    // Optimisers.
    public static final int SGD = 0;
    public static final int MOMENTUM = 1;
    public static final int ADAM = 2;

    private TableCodes() {}
}
