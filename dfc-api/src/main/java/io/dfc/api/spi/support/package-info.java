/**
 * What authors of backends share: the shell that checks every call ({@link
 * io.dfc.api.spi.support.UseGuard}, around an {@link io.dfc.api.spi.support.EngineCore}), recorded
 * trajectories, and what operations of programs read and write. No arithmetic of a phase is here,
 * so that backends stay independent of each other and of the reference.
 */
@Stability(Stability.Level.EXPERIMENTAL)
package io.dfc.api.spi.support;

import io.dfc.api.stability.Stability;
