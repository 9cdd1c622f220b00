/**
 * Learning: what learns from a loop ({@link io.dfc.api.learn.Plasticity}), rules that form the
 * postsynaptic factor {@code s_i} of an update, bounds on gradients, and optimisers. A gradient
 * {@code G} is what an optimiser descends: minus the direction of plasticity.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.api.learn;

import io.dfc.api.stability.Stability;
