/**
 * Reproducible noise: the counter-based generator Philox 4x32-10, the map from its integers to
 * normal numbers, and the argument by which a phase is told where its noise comes from. The layout
 * of the counter is normative for all backends.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.api.noise;

import io.dfc.api.stability.Stability;
