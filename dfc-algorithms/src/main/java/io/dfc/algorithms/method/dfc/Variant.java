package io.dfc.algorithms.method.dfc;

/** Which controlled state the forward weights learn from. */
enum Variant {
    /** The mean over the trajectory. */
    TRAJECTORY,
    /** The last state. */
    LAST_STATE,
    /** The analytic steady state of the linearised network. */
    LINEARIZED
}
