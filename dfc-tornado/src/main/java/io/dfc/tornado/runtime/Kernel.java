package io.dfc.tornado.runtime;

import java.util.Locale;

/**
 * The kernels that {@link CompiledKernels} launches, roughly in the order in which a phase launches
 * them: of networks that request different ones, the one furthest behind goes first.
 */
public enum Kernel {
    COPY_IN,
    COPY_OUT,
    COPY_SMALL_IN,
    COPY_SMALL_OUT,
    TRANSPOSE,
    PACK,
    FORWARD,
    LOSS,
    BACKWARD,
    SAMPLE_OPERATIONS,
    SAMPLE_SUMS,
    PERTURB,
    RESET,
    OUTPUT_LOOP,
    RECOVER,
    PROPAGATE_DIFFERENCE,
    NOISY_LOOP,
    ADD_CONTROL_PART,
    SIMULATE_4,
    SIMULATE_8,
    SIMULATE_16,
    CONVERGENCE,
    POSTSYNAPTIC,
    PRODUCTS,
    REDUCE,
    NORMS,
    LARGEST,
    CLIP,
    DECAY,
    OPTIMIZE,
    JACOBIAN,
    GAINS,
    RESPOND,
    FORM_GRADIENT,
    SOLVE,
    ADVANCE,
    PROPAGATE_CONTROL,
    STEADY_CONVERGENCE,
    STABILITY,
    MULTIPLY_ADD;

    /** Name of the only task of a graph. */
    static final String TASK = "k";

    /** The kernel that simulates a number of tiles side by side. */
    static Kernel simulating(int tiles) {
        return switch (tiles) {
            case 1 -> SIMULATE_4;
            case 2 -> SIMULATE_8;
            case 4 -> SIMULATE_16;
            default -> throw new IllegalArgumentException("no kernel for " + tiles + " tiles");
        };
    }

    /** Tiles of samples to a work-group, where groups have tiles. */
    public int tilesPerGroup() {
        return switch (this) {
            case SIMULATE_8 -> 2;
            case SIMULATE_16 -> 4;
            default -> 1;
        };
    }

    /** Name of the kernel in messages. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name of the kernel's graph in the program of a number. */
    String graph(int program) {
        return "dfc" + program + name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /** Name of its task, as TornadoVM's options have it. */
    String task(int program) {
        return graph(program) + "." + TASK;
    }

    /** Whether the kernel copies by the small exchange array. */
    boolean copiesSmall() {
        return this == COPY_SMALL_IN || this == COPY_SMALL_OUT;
    }

    /** Whether the kernel copies numbers to the device. */
    boolean copiesIn() {
        return this == COPY_IN || this == COPY_SMALL_IN;
    }

    /** Whether the kernel copies numbers from the device. */
    boolean copiesOut() {
        return this == COPY_OUT || this == COPY_SMALL_OUT;
    }
}
