/**
 * Deep Feedback Control (arXiv 2106.07887): its variants DFC, DFC-SS and DFC-SSA with learnt or
 * fixed feedback weights {@code Q}, and the settings that they share. The controller pursues the
 * target {@code r_L - lambda dL/dr_L}, the nudged output. Uses the method's interface, {@code
 * train} and {@code yaml}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.dfc;

import io.dfc.api.stability.Stability;
