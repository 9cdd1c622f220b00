package io.dfc.tornado.runtime;

import java.util.Locale;

/**
 * What a {@link DeviceProgram} can launch, roughly in the order in which a phase needs it: of
 * networks that want different ones, the one that is behind goes first.
 */
public enum Kernel {
    COPY_IN,
    COPY_OUT,
    COPY_FEW_IN,
    COPY_FEW_OUT,
    TRANSPOSE,
    PACK,
    FORWARD,
    LOSS,
    BACKWARD,
    OPERATE,
    TOTAL,
    PERTURB,
    RESET,
    OUTPUT_LOOP,
    RECOVER,
    DISPLACE,
    NOISY_LOOP,
    CARRY,
    SIMULATE_4,
    SIMULATE_8,
    SIMULATE_16,
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

    /** Name of the kernel's graph in the program of a number. */
    String graph(int program) {
        return "dfc" + program + name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /** Name of its task, as TornadoVM's options have it. */
    String task(int program) {
        return graph(program) + "." + TASK;
    }

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
