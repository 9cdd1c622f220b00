/**
 * Plans: the phases and steps that an engine runs, as data.
 *
 * <p>A {@link io.dfc.api.plan.Plan} declares groups of parameters, phases, optimisers and steps,
 * and its builder hands out a typed handle of each. A phase is what is computed from one minibatch:
 * a {@link io.dfc.api.plan.LoopPhase} is the controlled network over time with what learns from it,
 * a {@link io.dfc.api.plan.PerturbationPhase} correlates the noise of one forward pass, a {@link
 * io.dfc.api.plan.LayerProgram} is a list of equations over vectors of a sample, which says every
 * method that has no loop. A phase forms gradients; a {@link io.dfc.api.plan.Step} descends one of
 * them by an optimiser.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.api.plan;

import io.dfc.api.stability.Stability;
