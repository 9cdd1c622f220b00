package io.dfc.bench.hardware;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is done with a minibatch after its feedforward pass; named by method and solver. */
public enum Workload {
    /** DFC-SS, every sample simulated. */
    DFC_SS_EULER("dfc-ss/euler", Phase.CONTROL, true, WorkCount::lastStateEuler),
    /** DFC, updates at every time point. */
    DFC_EULER("dfc/euler", Phase.CONTROL, true, WorkCount::continuousEuler),
    /** DFC-SS, the steady state found directly. */
    DFC_SS_STEADY_STATE(
            "dfc-ss/steady-state",
            Phase.CONTROL,
            false,
            WorkCount::steadyState,
            WorkCount::lastStateEuler),
    /** DFC by whatever meets the tolerance of the configuration. */
    DFC_AUTO(
            "dfc/auto", Phase.CONTROL, true, WorkCount::continuousAuto, WorkCount::continuousEuler),
    /** DFC-SSA. */
    DFC_SSA("dfc-ssa", Phase.CONTROL, false, WorkCount::linearized),
    /** The noisy phase that teaches the feedback weights, simulated. */
    FEEDBACK_EULER("feedback/euler", Phase.FEEDBACK, true, WorkCount::feedbackEuler),
    /** The noisy phase by whatever meets the tolerance of the configuration. */
    FEEDBACK_AUTO(
            "feedback/auto",
            Phase.FEEDBACK,
            true,
            WorkCount::feedbackAuto,
            WorkCount::feedbackEuler),
    /** Backpropagation. */
    BP("bp", Phase.BACKWARD, false, WorkCount::backpropagation);

    /** The phase of the engine that is run. */
    enum Phase {
        CONTROL,
        FEEDBACK,
        BACKWARD
    }

    private final String label;
    private final Phase phase;
    private final boolean timed;
    private final ToDoubleFunction<WorkCount> work;
    private final ToDoubleFunction<WorkCount> fallback;

    Workload(String label, Phase phase, boolean timed, ToDoubleFunction<WorkCount> work) {
        this(label, phase, timed, work, work);
    }

    Workload(
            String label,
            Phase phase,
            boolean timed,
            ToDoubleFunction<WorkCount> work,
            ToDoubleFunction<WorkCount> fallback) {
        this.label = label;
        this.phase = phase;
        this.timed = timed;
        this.work = work;
        this.fallback = fallback;
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
     * fallback shows as a low rate.
     *
     * @param count network, batch and steps
     * @return floating-point operations of one minibatch
     */
    public double operations(WorkCount count) {
        return work.applyAsDouble(count);
    }

    /** Operations when the solver falls back to simulation, to foresee how long that takes. */
    double operationsWhenSimulated(WorkCount count) {
        return fallback.applyAsDouble(count);
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
