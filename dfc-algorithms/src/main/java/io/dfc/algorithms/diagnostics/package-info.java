/**
 * The theory of Deep Feedback Control as numbers (arXiv 2106.07887, sections 3 to 5): how far an
 * update is from backpropagation, Gauss-Newton and minimum-norm updates, whether the feedback
 * weights meet the conditions under which they coincide, and whether the controlled loop is stable.
 *
 * <p>Everything is computed in float64 by pure functions over parameters ({@link
 * io.dfc.algorithms.diagnostics.NetworkMatrices}), the states of a minibatch ({@link
 * io.dfc.algorithms.diagnostics.NetworkState}) and what an engine made of them. A minibatch,
 * linearised at its feedforward pass, is the entry point: {@link
 * io.dfc.algorithms.diagnostics.LinearizedMinibatch}. Angles are in degrees.
 */
@Stability(Stability.Level.EXPERIMENTAL)
package io.dfc.algorithms.diagnostics;

import io.dfc.api.stability.Stability;
