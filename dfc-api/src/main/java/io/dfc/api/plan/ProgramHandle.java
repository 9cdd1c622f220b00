package io.dfc.api.plan;

import java.util.List;

/** A handle of a program. */
public final class ProgramHandle extends PhaseHandle {
    private final LayerProgram program;

    ProgramHandle(String name, int index, LayerProgram program, List<GradientHandle> gradients) {
        super(name, index, gradients);
        this.program = program;
    }

    /** {@return the program} */
    @Override
    public LayerProgram phase() {
        return program;
    }
}
