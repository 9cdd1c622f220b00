/**
 * Matrix products {@code c = a b} and sums of outer products {@code g += s^T p} on register blocks,
 * whose classes are written when first needed. Uses {@code kernel} alone.
 */
package io.dfc.cpu.simd.product;
