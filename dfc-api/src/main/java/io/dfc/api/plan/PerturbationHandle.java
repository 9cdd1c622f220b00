package io.dfc.api.plan;

import java.util.List;

/** A handle of a phase in which feedback weights learn without a loop. */
public final class PerturbationHandle extends PhaseHandle {
    private final PerturbationPhase phase;

    PerturbationHandle(
            String name, int index, PerturbationPhase phase, List<GradientHandle> gradients) {
        super(name, index, gradients);
        this.phase = phase;
    }

    @Override
    public PerturbationPhase phase() {
        return phase;
    }
}
