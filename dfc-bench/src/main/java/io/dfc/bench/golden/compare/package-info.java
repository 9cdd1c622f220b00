/**
 * Expected tensors, how far computed ones are from them, how far they may be, and the {@link
 * io.dfc.bench.golden.compare.CheckReport} of a whole check. This package uses none of the module's
 * others.
 */
package io.dfc.bench.golden.compare;
