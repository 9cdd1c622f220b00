/**
 * Files of a run: atomic writes, parameters and checkpoints in the safetensors format, and the run
 * folder with configuration, description of the data, metrics, times, summary, checkpoint and
 * lease. JSON is bound to records by Jackson. Uses configurations, data and the terms of {@code
 * train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.store;

import io.dfc.api.stability.Stability;
