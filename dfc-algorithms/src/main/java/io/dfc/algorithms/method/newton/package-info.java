/**
 * Damped second-order updates, sample by sample: minimum-norm, Gauss-Newton, and Gauss-Newton
 * targets. Uses the method's interface and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.newton;

import io.dfc.api.stability.Stability;
