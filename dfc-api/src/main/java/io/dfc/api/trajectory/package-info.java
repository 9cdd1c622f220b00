/**
 * Trajectories of a loop: which variables a run records ({@link io.dfc.api.trajectory.Recording}),
 * and what it recorded ({@link io.dfc.api.trajectory.Trajectory}).
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.api.trajectory;

import io.dfc.api.stability.Stability;
