package io.dfc.api.plan;

/** What an engine does with the minibatch of its last forward pass; data, and a closed set. */
public sealed interface Phase permits LoopPhase, PerturbationPhase, LayerProgram {}
