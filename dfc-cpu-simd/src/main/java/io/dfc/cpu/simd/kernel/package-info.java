/**
 * Arithmetic on float32 and float64 arrays: vector lengths and padding, activation functions,
 * normal numbers, softmax, small systems of linear equations. Arrays in, arrays out; nothing here
 * knows a plan, a model or a thread. Uses no other package of this module.
 */
package io.dfc.cpu.simd.kernel;
