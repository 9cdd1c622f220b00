/**
 * The SIMD backend: float32 on the Vector API, a tile of samples per core through all time steps.
 */
package io.dfc.cpu.simd;
