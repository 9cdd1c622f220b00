/**
 * Target propagation: layers learn from targets that are led down from the output, through inverses
 * of the layers (dtp, dtpdrl, ldrl) or through maps from the output (ddtp-linear, ddtp-rhl,
 * ddtp-control). {@code TargetPropagation} and {@code DirectTargetPropagation} are the programs.
 * Uses the method's interface and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.propagation;

import io.dfc.api.stability.Stability;
