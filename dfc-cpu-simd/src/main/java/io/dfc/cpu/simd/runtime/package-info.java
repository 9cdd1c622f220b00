/**
 * What the backend asks of the virtual machine: a worker pool, whether vector code is compiled,
 * whether a thread allocates. Uses {@code kernel} alone.
 */
package io.dfc.cpu.simd.runtime;
