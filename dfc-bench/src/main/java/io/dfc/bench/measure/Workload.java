package io.dfc.bench.measure;

import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.plan.LoopPhase;

import java.util.Arrays;
import java.util.List;

/** The work on a minibatch after its feedforward pass, named by method and solver. */
public enum Workload {
    /** DFC-SS, every sample simulated. */
    DFC_SS_EULER("dfc-ss/euler", Phase.CONTROL, true),
    /** DFC, updates at every time point. */
    DFC_EULER("dfc/euler", Phase.CONTROL, true),
    /** DFC-SS, the steady state found directly. */
    DFC_SS_STEADY_STATE("dfc-ss/steady-state", Phase.CONTROL, false),
    /** DFC by whatever meets the tolerance of the configuration. */
    DFC_AUTO("dfc/auto", Phase.CONTROL, true),
    /** DFC-SSA. */
    DFC_SSA("dfc-ssa", Phase.CONTROL, false),
    /** The noisy phase that updates the feedback weights, simulated. */
    FEEDBACK_EULER("feedback/euler", Phase.FEEDBACK, true),
    /** The noisy phase by whatever meets the tolerance of the configuration. */
    FEEDBACK_AUTO("feedback/auto", Phase.FEEDBACK, true),
    /** Backpropagation. */
    BP("bp", Phase.BACKWARD, false);

    /** The phase of the engine that is run. */
    enum Phase {
        /** The loop from which forward weights learn. */
        CONTROL,
        /** The loop from which feedback weights learn. */
        FEEDBACK,
        /** The phase without a loop. */
        BACKWARD;

        boolean matches(io.dfc.api.plan.Phase phase) {
            return switch (this) {
                case CONTROL -> learnsFrom(phase, ForwardPlasticity.class);
                case FEEDBACK -> learnsFrom(phase, FeedbackPlasticity.class);
                case BACKWARD -> !(phase instanceof LoopPhase);
            };
        }

        private static boolean learnsFrom(
                io.dfc.api.plan.Phase phase, Class<? extends Plasticity> kind) {
            return phase instanceof LoopPhase loop
                    && loop.plasticities().stream().anyMatch(kind::isInstance);
        }
    }

    private final String label;
    private final Phase phase;
    private final boolean timed;

    Workload(String label, Phase phase, boolean timed) {
        this.label = label;
        this.phase = phase;
        this.timed = timed;
    }

    /** {@return the name, such as {@code dfc-ss/euler}} */
    public String label() {
        return label;
    }

    /** {@return whether the number of time points is part of the work} */
    public boolean isTimed() {
        return timed;
    }

    /**
     * Counts operations; the same whether or not a solver falls back to simulation, so that a
     * fallback shows as a low rate. A solver that takes whatever is cheapest is credited with the
     * cheaper of the two: with few steps, or as many outputs as inputs, that is the simulation.
     *
     * @param count network, batch and steps
     * @return floating-point operations of one minibatch
     */
    public double operations(WorkCount count) {
        return switch (this) {
            case DFC_SS_EULER -> count.lastStateEuler();
            case DFC_EULER -> count.continuousEuler();
            case DFC_SS_STEADY_STATE -> count.steadyState();
            case DFC_AUTO -> Math.min(count.continuousAuto(), count.continuousEuler());
            case DFC_SSA -> count.linearized();
            case FEEDBACK_EULER -> count.feedbackEuler();
            case FEEDBACK_AUTO -> Math.min(count.feedbackAuto(), count.feedbackEuler());
            case BP -> count.backpropagation();
        };
    }

    /**
     * Operations when the solver falls back to simulation or to the more expensive method, to
     * predict how long a minibatch may take.
     */
    double operationsAtWorst(WorkCount count) {
        return switch (this) {
            case DFC_SS_STEADY_STATE ->
                    Math.max(count.lastStateEuler(), count.steadyStateByMatrices());
            case DFC_SSA -> count.linearizedByMatrices();
            case DFC_AUTO -> count.continuousEuler();
            case FEEDBACK_AUTO -> count.feedbackEuler();
            case DFC_SS_EULER, DFC_EULER, FEEDBACK_EULER, BP -> operations(count);
        };
    }

    Phase phase() {
        return phase;
    }

    /** The method of the named configuration that has the phase. */
    String method() {
        return phase == Phase.FEEDBACK ? "dfc" : label.split("/", -1)[0];
    }

    /** The solver to set, or nothing where the method decides. */
    List<String> solver() {
        return Arrays.stream(label.split("/", -1)).skip(1).toList();
    }
}
