package io.dfc.api.plan;

import java.util.List;

/** A handle of backpropagation. */
public final class BackwardHandle extends PhaseHandle {
    private final BackwardPhase phase;

    BackwardHandle(String name, int index, BackwardPhase phase, List<GradientHandle> gradients) {
        super(name, index, gradients);
        this.phase = phase;
    }

    @Override
    public BackwardPhase phase() {
        return phase;
    }
}
