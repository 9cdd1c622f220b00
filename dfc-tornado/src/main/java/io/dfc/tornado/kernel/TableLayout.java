package io.dfc.tornado.kernel;

/**
 * Layout of the tables that every kernel reads: positions of entries, which are numbers or
 * addresses in floats of device memory. Entries that select a case have the values of {@link
 * TableCodes}.
 */
public final class TableLayout {
    /**
     * Samples of a tile, which lie side by side in memory. A work-group owns a tile; in the
     * simulation 1, 2 or 4.
     */
    public static final int TILE = 4;

    /** Lane of a work-item whose tile is skipped: beyond the end of all loops over lanes. */
    static final int NO_LANE = 1 << 30;

    /** Largest number of work-items in a group. */
    public static final int MAX_GROUP = 256;

    /**
     * Floats of local memory into which a group with one tile copies the rates of a layer; rates of
     * wider layers are read in device memory. 14 KiB: the smallest devices, FPGAs, have 16.
     */
    public static final int LOCAL_RATES = 3584;

    /** Time points whose postsynaptic factors are buffered before they enter a time average. */
    public static final int CHUNK = 16;

    /** Steps of recorded noise on the device at a time. */
    public static final int NOISE_STEPS = 16;

    /** Largest number of time-averaged updates of a plan. */
    public static final int MAX_AVERAGES = 32;

    // The plan.
    public static final int DEPTH = 0;
    public static final int OUTPUTS = 1;
    public static final int INPUTS = 2;

    /** Samples, padded, that arrays have room for. */
    public static final int PADDED = 3;

    public static final int HAS_BIAS = 4;

    /** 1 for cross-entropy, 0 for the squared error. */
    public static final int CROSS_ENTROPY = 5;

    // Blocks of [tiles, n, TILE] over all layers.
    public static final int VOLTAGE = 6;
    public static final int RATE = 7;
    public static final int SLOPE = 8;
    public static final int SOMATIC = 9;
    public static final int RATE_DEVIATION = 10;
    public static final int BASAL = 11;
    public static final int APICAL = 12;

    /**
     * Postsynaptic factors. Before they are formed the simulation has the drive of the apical
     * compartments here, the perturbation its noise, and backpropagation has its errors.
     */
    public static final int POSTSYNAPTIC = 13;

    // [tiles, n_0, TILE] and [tiles, n_L, TILE].
    public static final int INPUT = 14;
    public static final int TARGET = 15;
    public static final int LOSS_GRADIENT = 16;
    public static final int CONTROL = 17;
    static final int PREVIOUS_CONTROL = 18;
    static final int INTEGRAL = 19;
    public static final int ERROR = 20;

    // One number to a sample.
    public static final int LABEL = 21;
    public static final int LOSS = 22;
    static final int CORRECT = 23;
    public static final int DISTANCE_RATIO = 24;
    static final int CONVERGED = 25;
    static final int DIVERGED = 26;
    static final int DIVERGED_POINTS = 27;
    static final int INITIAL_ERROR = 28;
    public static final int OUTPUT_NORM = 29;

    // Of the phases.
    public static final int CHUNK_POSTSYNAPTIC = 30;
    public static final int CHUNK_RATE = 31;
    public static final int FIRST_LAYER_SUM = 32;
    public static final int PARTIAL_SUM = 33;
    public static final int PARTIAL_LENGTH = 34;
    public static final int FEEDBACK_PARTIAL = 35;
    public static final int FEEDBACK_LENGTH = 36;
    public static final int NOISE = 37;
    public static final int JACOBIAN = 38;
    public static final int GAIN = 39;
    public static final int SYSTEM = 40;
    public static final int SOLUTION = 41;
    public static final int STATUS = 42;
    public static final int NEURONS = 43;
    public static final int RESIDUAL = 44;
    public static final int STABILITY_STATE = 45;

    /** Control at which the tests of stability start, one number to an output. */
    public static final int STABILITY_START = 46;

    /** Largest squared norms of the control in the quarters of such a test, four to a sample. */
    public static final int STABILITY_MAXIMA = 47;

    // The call.
    public static final int SAMPLES = 48;
    public static final int TILES = 49;
    public static final int LABELED = 50;
    public static final int FIRST_STEP = 51;
    public static final int END_STEP = 52;

    /** Filtered noise, a block over all layers. */
    public static final int FILTERED = 53;

    public static final int INSTANT_TRANSMISSION = 54;
    public static final int INSTANT_SYSTEM = 55;
    public static final int PROACTIVE = 56;
    public static final int LEAK_TOTAL = 57;

    /** Kind of the control error, see {@link TableCodes}. */
    public static final int ERROR_KIND = 58;

    public static final int NOISE_KIND = 59;
    public static final int SEED_LOW = 60;
    public static final int SEED_HIGH = 61;
    public static final int MINIBATCH = 62;
    public static final int NOISE_STREAM = 63;
    public static final int LEARNS_FEEDBACK = 64;
    public static final int AVERAGES = 65;
    public static final int MASKED = 66;

    /** Whether the noise is filtered. */
    public static final int FILTERS = 67;

    /**
     * Address of the signal with which apical voltages are correlated: control or high-passed
     * control.
     */
    public static final int CORRELATED = 68;

    /** Whether the control is high-passed, and the addresses of both parts. */
    public static final int HIGH_PASSES = 69;

    public static final int LOW_PASSED = 70;
    public static final int HIGH_PASSED = 103;

    public static final int RULE = 71;
    public static final int PRESYNAPTIC = 72;
    public static final int SOURCE = 73;
    public static final int DESTINATION = 74;
    public static final int LENGTH = 75;
    public static final int TENSORS = 77;
    public static final int TENSOR_TABLE = 78;
    public static final int NORMS = 79;
    public static final int CLIPPING = 80;
    public static final int ACCUMULATES = 81;
    public static final int FIRST_LAYER = 82;
    public static final int END_LAYER = 83;
    public static final int OPTIMIZER = 84;
    public static final int FIRST_MOMENT = 85;
    static final int SECOND_MOMENT = 86;
    public static final int MASK = 87;

    /** Whether the solver is the linearised one, under which every sample counts as converged. */
    public static final int LINEARIZED = 88;

    /** Whether the control error is a softmax's, whatever the target's kind. */
    public static final int SOFTMAX_SLOPE = 89;

    /** {@link #TILE}, for bounds that the compiler is not to know. */
    public static final int TILE_SIZE = 90;

    /** One number to a tile: whether the loop skips it. */
    public static final int SKIPPED = 91;

    /** Where the powers of {@link Bfloat16} begin in a row of the floating-point table. */
    public static final int POWERS = 76;

    // The same in all rows of the tables: how far the rows are apart, and the rows' parts of the
    // array that host and device exchange.
    public static final int ROW_LENGTH = 92;
    public static final int EXCHANGED = 93;

    // Of the loop in output space.

    /** State of the loop, [tiles, depth + {@link #LOOP_ROWS}, n_L, TILE]. */
    public static final int OUTPUT_LOOP = 94;

    /**
     * Deviations of the rates at the last point that are linear in the nudge, filtered 0, 1 ...
     * times more: as many blocks as there are layers.
     */
    public static final int LINEAR_DEVIATION = 95;

    /** Somatic less basal voltage, the mean over time and that of the last point; a block each. */
    public static final int MEAN_DIFFERENCE = 96;

    public static final int LAST_DIFFERENCE = 97;

    /** Report of a run to the host, {@link #REPORT_LENGTH} numbers to a sample. */
    public static final int REPORT = 98;

    /** Whether a run adds the output's second-order part, which is that of the current state. */
    public static final int CORRECTS_DEFECT = 99;

    /** Gradient that is subtracted before norms are formed; negative if none is. */
    public static final int SUBTRAHEND = 100;

    /** Sums over time of the applied control times the control, a matrix to a tile. */
    public static final int APPLIED_PRODUCTS = 101;

    /** Number of partial sums that are added up. */
    public static final int PARTS = 102;

    /** How far partial sums are apart. */
    public static final int PART_STRIDE = 104;

    // Of programs: where the records of a launch's operations begin, how many there are, how often
    // they are done, and the number of the first round.
    public static final int OPERATIONS = 105;
    public static final int OPERATION_COUNT = 106;
    public static final int ROUNDS = 107;
    public static final int FIRST_ROUND = 108;

    /** Responses of the reduced-order loop to noise, see {@link ResponseKernels}. */
    public static final int RESPONSES = 109;

    /** Rules of the time-averaged updates. */
    public static final int RULES = 112;

    /** First of the layers' records. */
    public static final int LAYERS = RULES + MAX_AVERAGES;

    /** Length of a layer's record; a power of two, for kernels multiply by it. */
    public static final int LAYER_RECORD = 32;

    // Within a layer's record.
    public static final int SIZE = 0;
    public static final int FAN_IN = 1;
    public static final int ACTIVATION = 2;
    public static final int WEIGHTS = 3;
    public static final int BIASES = 4;
    public static final int FEEDBACK = 5;

    /** Where the layer begins in a block over all layers. */
    public static final int OFFSET = 8;

    // Where its tensors begin in a gradient of the forward parameters and of the feedback weights.
    public static final int WEIGHT_GRADIENT = 9;
    public static final int BIAS_GRADIENT = 10;
    public static final int FEEDBACK_GRADIENT = 11;

    // The weights as the loop reads them, transposed or not: where they begin, and how far apart
    // neighbouring neurons and neighbouring inputs are.
    public static final int WEIGHT_STEP = 6;
    public static final int FEEDBACK_STEP = 7;
    public static final int WEIGHTS_READ = 12;
    public static final int FEEDBACK_READ = 13;
    public static final int WEIGHT_ROW = 14;
    public static final int FEEDBACK_ROW = 15;

    /**
     * Added to the last four: the same of weights in words of two. Neighbouring words are as far
     * apart as neighbouring inputs.
     */
    public static final int PACKED = 4;

    // Rows of the state of the loop in output space, counted from the depth on. Before them are the
    // applied control, which drives the apical compartments, and that filtered 1 to depth times.
    static final int APPLIED_SUM = 1;
    static final int LOOP_OUTPUT = 2;
    static final int DEFECT = 3;
    static final int DIRECTION = 4;

    /** Sums over time of the control and of its squares, then of the output and of its squares. */
    static final int MOMENTS = 5;

    /** Rows besides those of the layers. */
    public static final int LOOP_ROWS = 9;

    // Numbers of a report: the largest squared norms over time of the output and of e - alpha u,
    // squared norms of the distance to the target, of the error and of e - alpha u at the last
    // point, of u^(L) - u^(0) and of u^(0) there; norm of the feedforward output.
    public static final int LARGEST_OUTPUT = 0;
    public static final int LARGEST_RESIDUAL = 1;
    public static final int SQUARED_DISTANCE = 2;
    public static final int SQUARED_ERROR = 3;
    public static final int SQUARED_RESIDUAL = 4;
    public static final int SQUARED_LAG = 5;
    public static final int SQUARED_APPLIED = 6;
    public static final int FEEDFORWARD_NORM = 7;

    /** Squared mean and variance over time of the control, then of the output. */
    public static final int SQUARED_MEAN = 8;

    public static final int REPORT_LENGTH = 12;

    // Floating-point table.
    public static final int SOMATIC_RATE = 0;
    public static final int APICAL_RATE = 1;
    public static final int TIME_STEP = 2;
    public static final int LEAKAGE_RATE = 3;
    public static final int PROPORTIONAL_GAIN = 4;

    /** Effective leakage of the steady state. */
    public static final int LEAKAGE = 5;

    public static final int CONVERGENCE_BOUND = 6;
    public static final int FACTOR = 7;
    public static final int STEP_SIZE = 8;
    public static final int RIGHT_CLASS = 9;
    public static final int WRONG_CLASS = 10;
    public static final int MAX_NORM = 11;
    public static final int WEIGHT_DECAY = 12;
    public static final int BETA_1 = 13;
    public static final int BETA_2 = 14;
    public static final int CORRECTION_1 = 15;
    public static final int CORRECTION_2 = 16;

    /** Correlation of filtered noise over a step: the share of it that the next step adds to. */
    public static final int NOISE_CORRELATION = 17;

    public static final int DECAY_RATE = 18;
    public static final int DECAY_CONSTANT = 19;

    /** Fraction of the Newton step that is taken. */
    public static final int STEP_LENGTH = 20;

    /** {@code 1 / K} of the time points. */
    public static final int INVERSE_POINTS = 21;

    /** {@code (1 - kappa) / kappa}: times a filter's last output, what its sum over time lacks. */
    public static final int FILTER_TAIL = 22;

    /** Rate of the low-pass filter of the control, in (0, 1]. */
    public static final int FILTER_SHARE = 23;

    /** First of the layers' records in the floating-point table, and their length. */
    public static final int LAYER_CONSTANTS = 24;

    public static final int LAYER_CONSTANTS_RECORD = 4;

    // Within such a record.
    public static final int RECTIFIER_SLOPE = 0;
    public static final int NOISE_FACTOR = 1;

    /** Learning rate; negative in a layer that does not learn. */
    public static final int LEARNING_RATE = 2;

    public static final int EPSILON = 3;

    private TableLayout() {}
}
