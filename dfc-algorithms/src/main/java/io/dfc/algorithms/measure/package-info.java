/**
 * Looking at a run while it learns: which loops are recorded, which updates are measured, and what
 * was measured. A run ends with the same bits whether or not it is measured.
 */
@Stability(Stability.Level.EXPERIMENTAL)
package io.dfc.algorithms.measure;

import io.dfc.api.stability.Stability;
