package io.dfc.tornado;

/** What a {@link DeviceProgram} can launch. */
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
    MULTIPLY_ADD
}
