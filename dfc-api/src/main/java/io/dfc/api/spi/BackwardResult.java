package io.dfc.api.spi;

/** Results of {@link io.dfc.api.plan.BackwardPhase}: the gradient of the mean loss. */
public interface BackwardResult extends PhaseResult {}
