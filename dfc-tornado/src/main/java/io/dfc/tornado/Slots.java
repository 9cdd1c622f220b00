package io.dfc.tornado;

/** Positions in the tables that every kernel reads; offsets there count floats of device memory. */
final class Slots {
    /**
     * Samples of a tile, which lie side by side in memory. A work-group owns a tile, or several as
     * {@link TilesPerGroup} says.
     */
    static final int TILE = 4;

    /** Position of a work-item whose tile is passed over: beyond the end of all loops. */
    static final int IDLE = 1 << 30;

    /** Largest number of work-items in a group. */
    static final int MAX_GROUP = 256;

    /**
     * Floats of local memory that a group with one tile keeps the rates of a layer in; wider layers
     * stay in device memory. 14 KiB: the least devices, which are FPGAs, have 16.
     */
    static final int NEAR = 3584;

    /** Time points whose signals are kept before they enter a time average. */
    static final int CHUNK = 16;

    /** Steps of recorded noise on the device at a time. */
    static final int NOISE_STEPS = 16;

    /** Largest number of time-averaged updates of a plan. */
    static final int MAX_AVERAGES = 32;

    // The plan.
    static final int DEPTH = 0;
    static final int OUTPUTS = 1;
    static final int INPUTS = 2;

    /** Samples, padded, that arrays have room for. */
    static final int PADDED = 3;

    static final int HAS_BIAS = 4;

    /** 1 for cross-entropy, 0 for the squared error. */
    static final int CROSS_ENTROPY = 5;

    // Blocks of [tiles, n, TILE] over all layers.
    static final int VOLTAGE = 6;
    static final int RATE = 7;
    static final int SLOPE = 8;
    static final int SOMATIC = 9;
    static final int RATE_DEVIATION = 10;
    static final int BASAL = 11;
    static final int APICAL = 12;
    static final int SIGNAL = 13;

    // [tiles, n_0, TILE] and [tiles, n_L, TILE].
    static final int INPUT = 14;
    static final int TARGET = 15;
    static final int LOSS_GRADIENT = 16;
    static final int CONTROL = 17;
    static final int CONTROL_BEFORE = 18;
    static final int INTEGRAL = 19;
    static final int ERROR = 20;

    // One number to a sample.
    static final int LABEL = 21;
    static final int LOSS = 22;
    static final int CORRECT = 23;
    static final int RATIO = 24;
    static final int CONVERGED = 25;
    static final int DIVERGED = 26;
    static final int DIVERGED_POINTS = 27;
    static final int INITIAL_ERROR = 28;
    static final int OUTPUT_NORM = 29;

    // Of the phases.
    static final int CHUNK_SIGNAL = 30;
    static final int CHUNK_RATE = 31;
    static final int FIRST_SUM = 32;
    static final int PARTIAL = 33;
    static final int PARTIAL_LENGTH = 34;
    static final int FEEDBACK_PARTIAL = 35;
    static final int FEEDBACK_LENGTH = 36;
    static final int NOISE = 37;
    static final int JACOBIAN = 38;
    static final int GAIN = 39;
    static final int SYSTEM = 40;
    static final int SOLUTION = 41;
    static final int STATUS = 42;
    static final int NEURONS = 43;
    static final int RESIDUAL = 44;
    static final int PROBE = 45;

    /** Where the probes of stability start, one number to an output. */
    static final int PROBE_START = 46;

    /** What the probes of stability have found, four numbers to a sample. */
    static final int PROBED = 47;

    // The call.
    static final int SAMPLES = 48;
    static final int TILES = 49;
    static final int LABELED = 50;
    static final int FROM = 51;
    static final int TO = 52;

    /** Filtered noise, a block over all layers. */
    static final int FILTERED = 53;

    static final int INSTANT_TRANSMISSION = 54;
    static final int INSTANT_SYSTEM = 55;
    static final int PROACTIVE = 56;
    static final int LEAK_TOTAL = 57;

    /** Kind of the control error: one of the three below. */
    static final int ERROR_KIND = 58;

    static final int NOISE_KIND = 59;
    static final int SEED_LOW = 60;
    static final int SEED_HIGH = 61;
    static final int MINIBATCH = 62;
    static final int PHASE = 63;
    static final int LEARNS_FEEDBACK = 64;
    static final int AVERAGES = 65;
    static final int MASKED = 66;

    /** Whether the noise is filtered. */
    static final int FILTERS = 67;

    /** What apical voltages are correlated with: the control, or what a filter leaves of it. */
    static final int CORRELATED = 68;

    /** Whether such a filter runs, and its two signals. */
    static final int HIGH_PASSES = 69;

    static final int LOW_PASSED = 70;
    static final int HIGH_PASSED = 103;

    static final int RULE = 71;
    static final int PRESYNAPTIC = 72;
    static final int SOURCE = 73;
    static final int DESTINATION = 74;
    static final int LENGTH = 75;
    static final int TENSORS = 77;
    static final int TENSOR_TABLE = 78;
    static final int NORMS = 79;
    static final int CLIPPING = 80;
    static final int ACCUMULATES = 81;
    static final int FIRST_LAYER = 82;
    static final int END_LAYER = 83;
    static final int OPTIMIZER = 84;
    static final int FIRST_MOMENT = 85;
    static final int SECOND_MOMENT = 86;
    static final int MASK = 87;

    /** Whether the solver without time judges no sample. */
    static final int LINEARIZED = 88;

    /** Whether the control error is a softmax's, whatever the target's kind. */
    static final int SOFTMAX_SLOPE = 89;

    /** {@link #TILE}, where no constant is wanted. */
    static final int TILE_SIZE = 90;

    /** One number to a tile: whether the loop passes it over. */
    static final int SKIPPED = 91;

    /** Where the powers of {@link Bfloat16} begin in a row of the floating-point table. */
    static final int POWERS = 76;

    // The same in all rows of the tables: how far the rows are apart, and the rows' parts of the
    // array that host and device exchange.
    static final int ROW_LENGTH = 92;
    static final int EXCHANGED = 93;

    // Of the loop in output space.

    /** State of the loop, [tiles, depth + {@link #LOOP_ROWS}, n_L, TILE]. */
    static final int OUTPUT_LOOP = 94;

    /**
     * Deviations of the rates at the last point that are linear in the nudge, filtered 0, 1 ...
     * times more: as many blocks as there are layers.
     */
    static final int LINEAR_DEVIATION = 95;

    /** Somatic less basal voltage, the mean over time and that of the last point; a block each. */
    static final int MEAN_DIFFERENCE = 96;

    static final int LAST_DIFFERENCE = 97;

    /** What the host needs to know of a run, {@link #REPORT_LENGTH} numbers to a sample. */
    static final int REPORT = 98;

    /** Whether a run feels the output's second-order part, which is that of the current state. */
    static final int REPAIRS = 99;

    /** Gradient whose distance from another is wanted; negative where its norm is. */
    static final int OTHER = 100;

    /** Sums over time of what drives the apical compartments times the control, a tile each. */
    static final int DRIVEN = 101;

    /** Number of partial sums that are added up. */
    static final int PARTS = 102;

    /** How far partial sums are apart. */
    static final int PART_STRIDE = 104;

    // Of programs: where the records of a launch's operations begin, how many there are, how often
    // they are done, and the number of the first round.
    static final int OPERATIONS = 105;
    static final int OPERATION_COUNT = 106;
    static final int ROUNDS = 107;
    static final int FIRST_ROUND = 108;

    /** Rules of the time-averaged updates. */
    static final int RULES = 112;

    /** First of the layers' records. */
    static final int LAYERS = RULES + MAX_AVERAGES;

    /** Length of a layer's record; a power of two, for kernels multiply by it. */
    static final int LAYER = 32;

    // Within a layer's record.
    static final int SIZE = 0;
    static final int BELOW = 1;
    static final int ACTIVATION = 2;
    static final int WEIGHTS = 3;
    static final int BIASES = 4;
    static final int FEEDBACK = 5;

    /** Where the layer begins in a block over all layers. */
    static final int OFFSET = 8;

    // Where its tensors begin in a gradient of the forward parameters and of the feedback weights.
    static final int WEIGHT_GRADIENT = 9;
    static final int BIAS_GRADIENT = 10;
    static final int FEEDBACK_GRADIENT = 11;

    // The weights as the loop reads them, transposed or not: where they begin, and how far apart
    // neighbouring neurons and neighbouring inputs are.
    static final int WEIGHT_STEP = 6;
    static final int FEEDBACK_STEP = 7;
    static final int WEIGHTS_READ = 12;
    static final int FEEDBACK_READ = 13;
    static final int WEIGHT_ROW = 14;
    static final int FEEDBACK_ROW = 15;

    /**
     * Added to the last four: the same of weights in words of two. Neighbouring words are as far
     * apart as neighbouring inputs.
     */
    static final int PACKED = 4;

    // Rows of the state of the loop in output space, counted from the depth on. Before them are
    // what drives the apical compartments, and that filtered 1 to depth times.
    static final int APPLIED_SUM = 1;
    static final int LOOP_OUTPUT = 2;
    static final int DEFECT = 3;
    static final int DIRECTION = 4;

    /** Sums over time of the control and of its squares, then of the output and of its squares. */
    static final int MOMENTS = 5;

    /** Rows besides those of the layers. */
    static final int LOOP_ROWS = 9;

    // Numbers of a report: the largest squared norms over time of the output and of e - alpha u,
    // squared norms of the distance to the target, of the error and of e - alpha u at the last
    // point, of u^(L) - u^(0) and of u^(0) there; norm of the feedforward output.
    static final int LARGEST_OUTPUT = 0;
    static final int LARGEST_RESIDUAL = 1;
    static final int SQUARED_DISTANCE = 2;
    static final int SQUARED_ERROR = 3;
    static final int SQUARED_RESIDUAL = 4;
    static final int SQUARED_LAG = 5;
    static final int SQUARED_APPLIED = 6;
    static final int FEEDFORWARD_NORM = 7;

    /** Squared mean and variance over time of the control, then of the output. */
    static final int SQUARED_MEAN = 8;

    static final int REPORT_LENGTH = 12;

    // Kinds of control error.
    static final int DISTANCE = 0;
    static final int LABEL_DIFFERENCE = 1;
    static final int LABEL_SOFTMAX = 2;

    // Kinds of noise.
    static final int SILENT = 0;
    static final int GENERATED = 1;
    static final int RECORDED = 2;

    // Activations.
    static final int LINEAR = 0;
    static final int TANH = 1;
    static final int RECTIFIED = 2;
    static final int SIGMOID = 3;

    // Rules.
    static final int VOLTAGE_DIFFERENCE = 0;
    static final int DERIVATIVE = 1;
    static final int NONLINEAR_DIFFERENCE = 2;

    // Presynaptic rates.
    static final int CONTROLLED = 0;
    static final int FEEDFORWARD = 1;

    /**
     * Not rates but the output's deviation: from here on, gradients of the feedback weights are
     * meant.
     */
    static final int OUTPUT_CHANGE = 2;

    /** Not rates but the control signal. */
    static final int CONTROL_SIGNAL = 3;

    // Masks of samples.
    static final int EVERYONE = 0;
    static final int CONVERGED_ONLY = 1;
    static final int NOT_DIVERGED = 2;

    // How far the search for a steady state has come with a sample.
    static final int SEARCHED = 0;
    static final int FOUND = 1;
    static final int LOST = 2;

    // Clipping.
    static final int UNCLIPPED = 0;
    static final int PER_TENSOR = 1;
    static final int PER_LAYER = 2;
    static final int JOINT = 3;

    // Optimisers.
    static final int SGD = 0;
    static final int MOMENTUM = 1;
    static final int ADAM = 2;

    // Floating-point table.
    static final int SOMATIC_RATE = 0;
    static final int APICAL_RATE = 1;
    static final int TIME_STEP = 2;
    static final int LEAKAGE_RATE = 3;
    static final int PROPORTIONAL_GAIN = 4;

    /** Effective leakage of the steady state. */
    static final int LEAKAGE = 5;

    static final int CONVERGENCE = 6;
    static final int FACTOR = 7;
    static final int STEP_SIZE = 8;
    static final int RIGHT_CLASS = 9;
    static final int WRONG_CLASS = 10;
    static final int MAX_NORM = 11;
    static final int WEIGHT_DECAY = 12;
    static final int BETA_1 = 13;
    static final int BETA_2 = 14;
    static final int CORRECTION_1 = 15;
    static final int CORRECTION_2 = 16;

    /** Share of filtered noise that is left after a step. */
    static final int NOISE_KEPT = 17;

    static final int DECAY_RATE = 18;
    static final int DECAY_CONSTANT = 19;

    /** Share of the Newton step that is tried. */
    static final int STEP_LENGTH = 20;

    /** {@code 1 / K} of the time points. */
    static final int INVERSE_POINTS = 21;

    /** {@code (1 - kappa) / kappa}: what a sum over time of a filter's output lacks at its end. */
    static final int EDGE = 22;

    /** Share by which the low-passed control follows in a step. */
    static final int FILTER_SHARE = 23;

    /** First of the layers' records in the floating-point table, and their length. */
    static final int LAYER_CONSTANTS = 24;

    static final int CONSTANTS = 4;

    // Within such a record.
    static final int RECTIFIER_SLOPE = 0;
    static final int NOISE_FACTOR = 1;

    /** Learning rate; negative in a layer that does not learn. */
    static final int LEARNING_RATE = 2;

    static final int EPSILON = 3;

    private Slots() {}
}
