/**
 * Damped second-order updates, sample by sample: minimum-norm, Gauss-Newton, and Gauss-Newton
 * targets. Uses the method's interface and {@code train}.
 */
package io.dfc.algorithms.method.newton;
