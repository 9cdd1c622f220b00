/**
 * The phases of a plan other than programs: each distributes the tiles of a minibatch over threads,
 * runs the loop on them, simulated, in output space or in its steady state, and forms the
 * gradients. Uses {@code learn}, {@code steady}, {@code reduced} and what lies below.
 */
package io.dfc.cpu.simd.phase;
