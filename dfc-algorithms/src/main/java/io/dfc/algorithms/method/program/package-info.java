/**
 * Methods without a loop over time, written as layer programs: backpropagation, shallow
 * backpropagation, feedback alignment and direct feedback alignment. Uses the method's interface
 * and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.program;

import io.dfc.api.stability.Stability;
