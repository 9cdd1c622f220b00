package io.dfc.tornado;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Where the gradients of a plan's phases lie in device memory: each stays until it is applied. */
final class GradientPlaces {
    private final Map<GradientHandle, Integer> clipped = new HashMap<>();
    private final Map<PhaseHandle, Integer> unclipped = new HashMap<>();
    private final Map<GradientHandle, int[]> forms = new HashMap<>();

    /**
     * Takes room for all gradients.
     *
     * @param tensors the plan's parameters on the device
     * @param take takes room for a number of floats
     */
    GradientPlaces(Plan plan, DeviceParameters tensors, IntUnaryOperator take) {
        int forward = tensors.forward.length();
        int feedback = tensors.feedbackLength;
        for (PhaseHandle phase : plan.phases()) {
            switch (phase) {
                case LoopHandle loop -> {
                    for (GradientHandle gradient : loop.gradients()) {
                        if (loop.forwardIndex(gradient) < 0) {
                            takeFeedback(phase, gradient, feedback, take);
                        } else {
                            takeForward(plan, loop, gradient, forward, take);
                        }
                    }
                }
                case PerturbationHandle perturbation ->
                        takeFeedback(phase, phase.gradients().getFirst(), feedback, take);
                case ProgramHandle program -> {
                    for (GradientHandle gradient : program.gradients()) {
                        int length = tensors.table(gradient.groups()).length();
                        clipped.put(gradient, take.applyAsInt(length));
                    }
                }
            }
        }
    }

    private void takeFeedback(
            PhaseHandle phase, GradientHandle gradient, int length, IntUnaryOperator take) {
        unclipped.put(phase, take.applyAsInt(length));
        clipped.put(gradient, take.applyAsInt(length));
    }

    private void takeForward(
            Plan plan,
            LoopHandle loop,
            GradientHandle gradient,
            int length,
            IntUnaryOperator take) {
        int own = take.applyAsInt(length);
        clipped.put(gradient, own);
        if (OutputSpaceRun.covers(plan, loop.phase())) {
            forms.put(gradient, new int[] {take.applyAsInt(length), take.applyAsInt(length), own});
        }
    }

    /** Where an optimiser finds a gradient. */
    int clipped(GradientHandle gradient) {
        return clipped.get(gradient);
    }

    /** Where a phase forms its gradient of the feedback weights. */
    int unclipped(PhaseHandle phase) {
        return unclipped.get(phase);
    }

    /**
     * Where a loop that is tried in output space forms a gradient in each {@link
     * io.dfc.api.spi.reduced.OutputSpace.Form}; the last is the gradient's own place.
     */
    int[] forms(GradientHandle gradient) {
        return forms.get(gradient);
    }
}
