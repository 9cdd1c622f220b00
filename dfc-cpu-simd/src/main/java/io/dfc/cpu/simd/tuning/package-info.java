/**
 * Which register blocks an engine computes with: named by properties, read from a file, or the
 * fastest of a trial on this processor; and the peak speed that a product is held against. Uses
 * {@code kernel}, {@code product} and {@code runtime}.
 */
package io.dfc.cpu.simd.tuning;
