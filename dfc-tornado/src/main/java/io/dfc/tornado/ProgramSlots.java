package io.dfc.tornado;

/**
 * Records of operations of a {@link io.dfc.api.plan.LayerProgram} in the tables that kernels read,
 * at the same places in both: one of whole numbers, one of others. Buffers are [tiles, n, {@link
 * Slots#TILE}].
 */
final class ProgramSlots {
    /** Length of a record. */
    static final int RECORD = 12;

    /** Most operations of a launch: the tables travel with every one. */
    static final int MOST = 32;

    /** Entries of the tables for the records. */
    static final int ROOM = RECORD * MOST;

    // Of whole numbers.
    static final int KIND = 0;

    /** Where the result is written: a buffer, a part of a gradient, or a number. */
    static final int OUT = 1;

    // Where the arguments are read.
    static final int X = 2;
    static final int Y = 3;

    /** Width of the result, and of an argument where that has another; at least 1. */
    static final int WIDTH = 4;

    static final int IN_WIDTH = 5;

    // How far elements of a matrix are apart: that of neighbouring results, of neighbouring
    // arguments.
    static final int ROW = 6;
    static final int COLUMN = 7;

    /**
     * Number of an activation, an optimiser or a noise stream, or how many numbers are selected.
     */
    static final int CODE = 8;

    /** Whether a sum is added to what is there. */
    static final int ADDS = 9;

    /** Where an optimiser's moments begin; its corrections. */
    static final int STATE = 9;

    static final int CORRECTIONS = 10;

    // Of others.
    static final int A = 0;
    static final int B = 1;
    static final int C = 2;
    static final int D = 3;

    // Kinds: of each sample by itself.
    static final int PRODUCT = 0;
    static final int ADD_BIAS = 1;
    static final int ACTIVATE = 2;
    static final int DIFFERENTIATE = 3;
    static final int INVERT = 4;
    static final int FILL = 5;
    static final int COMBINE = 6;
    static final int MULTIPLY = 7;
    static final int CHOOSE = 8;
    static final int LOSS_SLOPE = 9;
    static final int SAMPLE_LOSS = 10;
    static final int DRAW = 11;
    static final int DESCEND = 12;

    /** Squared norms, of a buffer's change and of what it was before: two numbers to a sample. */
    static final int CHANGE = 13;

    // Over all samples, or over parameters.
    static final int OUTER = 20;
    static final int SUM = 21;
    static final int CLEAR = 22;
    static final int DRAW_PARAMETERS = 23;
    static final int WEIGH = 24;

    private ProgramSlots() {}
}
