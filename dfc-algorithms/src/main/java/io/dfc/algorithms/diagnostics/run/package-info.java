/**
 * Diagnostics of a run: what is measured of its updates while it learns ({@link
 * io.dfc.algorithms.diagnostics.run.RunDiagnostics}), and whether its loops are stable before it
 * begins ({@link io.dfc.algorithms.diagnostics.run.LoopStability}).
 */
@Stability(Stability.Level.EXPERIMENTAL)
package io.dfc.algorithms.diagnostics.run;

import io.dfc.api.stability.Stability;
