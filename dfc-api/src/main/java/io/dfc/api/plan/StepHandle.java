package io.dfc.api.plan;

/** A handle of a step that a plan foresees: a gradient of one of its phases, and an optimiser. */
public final class StepHandle {
    private final PhaseHandle phase;
    private final GradientHandle gradient;
    private final OptimizerHandle optimizer;

    StepHandle(PhaseHandle phase, GradientHandle gradient, OptimizerHandle optimizer) {
        this.phase = phase;
        this.gradient = gradient;
        this.optimizer = optimizer;
    }

    /** {@return the phase that forms the gradient} */
    public PhaseHandle phase() {
        return phase;
    }

    /** {@return the gradient that is descended} */
    public GradientHandle gradient() {
        return gradient;
    }

    /** {@return the optimiser that descends it} */
    public OptimizerHandle optimizer() {
        return optimizer;
    }

    /**
     * The step at a rate.
     *
     * @param rateFactor factor on the learning rates, for schedules; finite
     * @return the step
     */
    public Step at(double rateFactor) {
        return new Step(this, rateFactor);
    }

    @Override
    public String toString() {
        return gradient + " by " + optimizer;
    }
}
