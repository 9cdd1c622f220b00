package io.dfc.tornado;

/**
 * What a {@link DeviceProgram} can launch, roughly in the order in which a phase needs it: of
 * networks that want different ones, the one that is behind goes first.
 */
enum Kernel {
    COPY_IN,
    COPY_OUT,
    COPY_FEW_IN,
    COPY_FEW_OUT,
    TRANSPOSE,
    FORWARD,
    LOSS,
    BACKWARD,
    PERTURB,
    RESET,
    SIMULATE,
    VERDICT,
    SIGNALS,
    PRODUCTS,
    REDUCE,
    NORMS,
    LARGEST,
    CLIP,
    DECAY,
    OPTIMIZE,
    JACOBIAN,
    GAINS,
    SOLVE,
    ADVANCE,
    PROPAGATE,
    JUDGE,
    PROBE,
    MULTIPLY_ADD;

    /** Whether it copies through the array for few numbers. */
    boolean copiesFew() {
        return this == COPY_FEW_IN || this == COPY_FEW_OUT;
    }

    /** Whether it brings numbers to the device. */
    boolean brings() {
        return this == COPY_IN || this == COPY_FEW_IN;
    }

    /** Whether it fetches numbers from the device. */
    boolean fetches() {
        return this == COPY_OUT || this == COPY_FEW_OUT;
    }
}
