/**
 * Dense row-major tensors: the form in which numbers cross the boundary between callers and
 * backends; and rows of numbers that both share.
 */
package io.dfc.api.tensor;
