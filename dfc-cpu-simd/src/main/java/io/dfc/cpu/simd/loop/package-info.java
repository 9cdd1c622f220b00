/**
 * The controlled loop as it is simulated: the state of a tile of samples, the time step of a layer,
 * the control error, and the recording of trajectories. Uses {@code model} and what lies below.
 */
package io.dfc.cpu.simd.loop;
