/**
 * Dense row-major tensors: the form in which numbers cross the boundary between callers and
 * backends.
 */
package io.dfc.api.tensor;
