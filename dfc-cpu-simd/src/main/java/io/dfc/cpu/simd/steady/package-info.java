/**
 * Steady states of the controlled loop, found as roots without simulation, and whether they are
 * stable. Uses {@code loop}, {@code reduced} and what lies below.
 */
package io.dfc.cpu.simd.steady;
