package io.dfc.api.learn;

/**
 * What learns from a simulated loop: each plasticity of a {@link io.dfc.api.plan.LoopPhase} forms
 * one gradient from the same trajectory. A closed set.
 */
public sealed interface Plasticity permits ForwardPlasticity, FeedbackPlasticity {
    /** {@return how the gradient is bounded} */
    Clipping clipping();
}
