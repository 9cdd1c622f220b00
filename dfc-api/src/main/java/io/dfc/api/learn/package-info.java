/**
 * Learning: rules that turn the controlled state into updates of forward and feedback weights,
 * clipping, and optimisers. A gradient here is what an optimiser descends: minus the direction of
 * plasticity.
 */
package io.dfc.api.learn;
