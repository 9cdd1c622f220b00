package io.dfc.algorithms.train;

/** Where the gradient of the forward parameters comes from. */
public enum Teaching {
    /** The first update of the plan's control phase: the DFC family. */
    CONTROL,
    /** Backpropagation. */
    BACKWARD
}
