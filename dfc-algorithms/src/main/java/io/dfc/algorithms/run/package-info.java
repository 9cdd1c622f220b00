/**
 * From a configuration to a run: its data, its plan and parameters, defaults and limits that depend
 * on the data, and predictions of a trained network. The package that joins configurations, data,
 * methods, training and run folders; {@code model} and {@code inject} alone use it.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.run;

import io.dfc.api.stability.Stability;
