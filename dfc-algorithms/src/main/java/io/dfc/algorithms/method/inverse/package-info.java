/**
 * Targets through exact inverses of the layers: GAIT-prop and target propagation. Uses the method's
 * interface and {@code train}.
 */
package io.dfc.algorithms.method.inverse;
