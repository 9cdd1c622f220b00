/**
 * The backend as the SPI sees it: its provider, its engine and the results of a forward pass. Uses
 * all other packages; none of them uses it.
 */
package io.dfc.cpu.simd.backend;
