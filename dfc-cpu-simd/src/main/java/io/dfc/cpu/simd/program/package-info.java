/**
 * Layer programs: compiled into stages of operations on the rows of buffers and of sums over the
 * samples. Uses {@code learn}, {@code model} and what lies below, and no loop.
 */
package io.dfc.cpu.simd.program;
