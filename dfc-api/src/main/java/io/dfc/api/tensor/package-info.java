/**
 * Dense row-major tensors: the form in which numbers cross the boundary between callers and
 * backends; and rows of numbers that both share.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.api.tensor;

import io.dfc.api.stability.Stability;
