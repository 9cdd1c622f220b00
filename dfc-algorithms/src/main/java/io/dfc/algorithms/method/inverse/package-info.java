/**
 * Targets through exact inverses of the layers: GAIT-prop and target propagation. Uses the method's
 * interface and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.inverse;

import io.dfc.api.stability.Stability;
