/**
 * Learning from what noise on the weights does to the loss: weight perturbation, and with a rate
 * that adapts (dopamine). Uses the method's interface and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.perturb;

import io.dfc.api.stability.Stability;
