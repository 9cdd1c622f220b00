package io.dfc.tornado.kernel;

/**
 * Records of operations of a {@link io.dfc.api.plan.LayerProgram} in the tables that kernels read,
 * at the same places in both: one of whole numbers, one of others. Buffers are [tiles, n, {@link
 * Slots#TILE}].
 */
public final class ProgramSlots {
    /** Length of a record. */
    public static final int RECORD = 12;

    /** Most operations of a launch: the tables travel with every one. */
    public static final int MOST = 32;

    /** Entries of the tables for the records. */
    public static final int ROOM = RECORD * MOST;

    // Of whole numbers.
    public static final int KIND = 0;

    /** Where the result is written: a buffer, a part of a gradient, or a number. */
    public static final int OUT = 1;

    // Where the arguments are read.
    public static final int X = 2;
    public static final int Y = 3;

    /** Width of the result, and of an argument where that has another; at least 1. */
    public static final int WIDTH = 4;

    public static final int IN_WIDTH = 5;

    // How far elements of a matrix are apart: that of neighbouring results, of neighbouring
    // arguments.
    public static final int ROW = 6;
    public static final int COLUMN = 7;

    /**
     * Number of an activation, an optimiser or a noise stream, or how many numbers are selected.
     */
    public static final int CODE = 8;

    /** Whether a sum is added to what is there. */
    public static final int ADDS = 9;

    /** Where an optimiser's moments begin; its corrections. */
    public static final int STATE = 9;

    public static final int CORRECTIONS = 10;

    // Of others.
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    static final int D = 3;

    // Kinds: of each sample by itself.
    public static final int PRODUCT = 0;
    public static final int ADD_BIAS = 1;
    public static final int ACTIVATE = 2;
    public static final int DIFFERENTIATE = 3;
    public static final int INVERT = 4;
    public static final int FILL = 5;
    public static final int COMBINE = 6;
    public static final int MULTIPLY = 7;
    public static final int CHOOSE = 8;
    public static final int LOSS_SLOPE = 9;
    public static final int SAMPLE_LOSS = 10;
    public static final int DRAW = 11;
    public static final int DESCEND = 12;

    /** Squared norms, of a buffer's change and of what it was before: two numbers to a sample. */
    public static final int CHANGE = 13;

    // Over all samples, or over parameters.
    public static final int OUTER = 20;
    public static final int SUM = 21;
    public static final int CLEAR = 22;
    public static final int DRAW_PARAMETERS = 23;
    public static final int WEIGH = 24;

    private ProgramSlots() {}
}
