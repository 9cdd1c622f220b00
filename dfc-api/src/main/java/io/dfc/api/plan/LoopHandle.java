package io.dfc.api.plan;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.noise.Philox;

import java.util.List;

/** A handle of a loop. */
public final class LoopHandle extends PhaseHandle {
    private final LoopPhase phase;
    private final int noiseStream;
    private final LoopHandle simulation;

    /** Place of each plasticity among the forward ones, or -1. */
    private final int[] forwardIndices;

    LoopHandle(String name, int index, LoopPhase phase, List<GradientHandle> gradients) {
        super(name, index, gradients);
        this.phase = phase;
        forwardIndices = forwardIndices(phase);
        noiseStream =
                phase.feedbackPlasticity().isPresent()
                        ? Philox.PHASE_FEEDBACK
                        : Philox.PHASE_CONTROL;
        simulation =
                phase.solver() instanceof Solver.Euler ? this : new LoopHandle(this, noiseStream);
    }

    private LoopHandle(LoopHandle loop, int noiseStream) {
        super(loop.name(), loop.index(), List.of());
        this.phase = loop.phase.withSolver(new Solver.Euler()).withPlasticities();
        this.noiseStream = noiseStream;
        simulation = this;
        forwardIndices = new int[0];
    }

    private static int[] forwardIndices(LoopPhase phase) {
        int[] indices = new int[phase.plasticities().size()];
        int next = 0;
        for (int k = 0; k < indices.length; k++) {
            indices[k] = phase.plasticities().get(k) instanceof ForwardPlasticity ? next++ : -1;
        }
        return indices;
    }

    @Override
    public LoopPhase phase() {
        return phase;
    }

    /** {@return the phase number of {@link Philox} that the loop's noise is drawn with} */
    public int noiseStream() {
        return noiseStream;
    }

    /**
     * {@return this loop simulated by Euler's method, with the same noise and without plasticities,
     * for recordings beside a solver that does not simulate; itself if it is simulated anyway}
     */
    public LoopHandle simulation() {
        return simulation;
    }

    /**
     * The place of a gradient among those of the forward plasticities.
     *
     * @param gradient a gradient of this phase
     * @return its place in {@link LoopPhase#forwardPlasticities()}, or -1 if it is that of the
     *     feedback weights
     * @throws IllegalArgumentException if another phase forms it
     */
    public int forwardIndex(GradientHandle gradient) {
        return forwardIndices[indexOf(gradient)];
    }
}
