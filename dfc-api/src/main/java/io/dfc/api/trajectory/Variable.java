package io.dfc.api.trajectory;

/** A quantity of the controlled dynamics that can be recorded. */
public enum Variable {
    /** Control signal {@code u}, [S, B, n_L]. */
    CONTROL,
    /** Somatic voltages {@code v_i}, [S, B, n_i]. */
    SOMATIC,
    /** Rates {@code r_i}, [S, B, n_i]. */
    RATE,
    /** Basal voltages, [S, B, n_i]. */
    BASAL,
    /** Apical voltages, [S, B, n_i]. */
    APICAL,
    /** Norm of the control error {@code ||e||}, [S, B]. */
    ERROR_NORM
}
