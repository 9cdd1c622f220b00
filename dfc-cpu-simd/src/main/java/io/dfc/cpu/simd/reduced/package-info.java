/**
 * The reduced-order loop: the controlled loop in output space, {@code n_L} numbers to a sample, and
 * the recovery of a layer's voltages from it. Uses {@code loop}, {@code model} and what lies below.
 */
package io.dfc.cpu.simd.reduced;
