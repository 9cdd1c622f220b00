package io.dfc.tornado.memory;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ProgramHandle;

/** A part of a network's device memory, named by what it holds. */
public sealed interface Region {
    /** All parameters on the device, group by group. */
    record Parameters() implements Region {}

    /**
     * A moment of an optimiser.
     *
     * @param optimizer the optimiser
     * @param order 0 for the first moment, 1 for the second
     */
    record Moment(OptimizerHandle optimizer, int order) implements Region {}

    /**
     * Arrays whose address kernels read in the table.
     *
     * @param position where in the table, an entry of the table layout
     */
    record TableEntry(int position) implements Region {}

    /** What a gradient is at a stage of its forming. */
    enum Stage {
        /** Linear in the nudge, by the reduced-order loop. */
        LINEAR,
        /** By the reduced-order loop with one nonlinear pass. */
        NONLINEAR,
        /** Of feedback weights, before its norm is bounded. */
        UNBOUNDED,
        /** As an optimiser takes it. */
        BOUNDED
    }

    /**
     * A gradient of a phase; it stays until the next run of the phase.
     *
     * @param gradient the gradient
     * @param stage the stage of its forming
     */
    record Gradient(GradientHandle gradient, Stage stage) implements Region {}

    /**
     * Buffers of a program that is interpreted.
     *
     * @param program the program
     */
    record ProgramBuffers(ProgramHandle program) implements Region {}

    /**
     * Sums over the checked samples of a noisy loop, for the estimate of the reduced-order loop's
     * error.
     *
     * @param simulated whether they come from the simulation, not from the reduced-order loop
     */
    record CheckedSums(boolean simulated) implements Region {}

    /** Norms of tensors. */
    record Norms() implements Region {}

    /** Transposed copies of all feedback weights. */
    record FeedbackCopies() implements Region {}

    /**
     * A transposed copy of a layer's weights.
     *
     * @param layer number of the layer, from 0
     */
    record WeightCopy(int layer) implements Region {}
}
