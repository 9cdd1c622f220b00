/**
 * Trained networks to other programs and back: what the arrays of others are called, what a run has
 * to hand out, and run folders that begin with weights from elsewhere.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.exchange;

import io.dfc.api.stability.Stability;
