package io.dfc.tornado.kernel;

/**
 * Layout of the records that describe operations of a {@link io.dfc.api.plan.LayerProgram} to
 * kernels. A record has whole numbers in one table and floats in the other, at the same position.
 * Buffers are [tiles, n, {@link TableLayout#TILE}].
 */
public final class OperationLayout {
    /** Length of a record. */
    public static final int RECORD = 12;

    /** Largest number of operations of a launch: the tables travel with every launch. */
    public static final int MAX_OPERATIONS = 32;

    /** Entries of the tables for the records. */
    public static final int TABLE_ENTRIES = RECORD * MAX_OPERATIONS;

    // Whole numbers of a record.
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
    public static final int SELECTOR = 8;

    /** Whether a sum is added to the value at its destination. */
    public static final int ADDS = 9;

    /** Where an optimiser's moments begin; its corrections. */
    public static final int OPTIMIZER_STATE = 9;

    public static final int CORRECTIONS = 10;

    // Floats of a record.
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    static final int D = 3;

    // Kinds of operation on each sample by itself.
    public static final int PRODUCT = 0;
    public static final int ADD_BIAS = 1;
    public static final int ACTIVATION_RATE = 2;
    public static final int ACTIVATION_SLOPE = 3;
    public static final int ACTIVATION_INVERSE = 4;
    public static final int FILL = 5;
    public static final int COMBINE = 6;
    public static final int HADAMARD = 7;
    public static final int SELECT = 8;
    public static final int GRADIENT_OF_LOSS = 9;
    public static final int SAMPLE_LOSS = 10;
    public static final int DRAW_NOISE = 11;
    public static final int DESCEND = 12;

    /** Squared norms of a buffer's change and of its value before: two numbers to a sample. */
    public static final int CHANGE = 13;

    // Kinds of operation over all samples, or over parameters.
    public static final int OUTER = 20;
    public static final int SUM = 21;
    public static final int CLEAR = 22;
    public static final int DRAW_PARAMETER_NOISE = 23;
    public static final int WEIGHTED_NOISE = 24;

    private OperationLayout() {}
}
