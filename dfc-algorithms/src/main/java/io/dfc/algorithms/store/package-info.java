/**
 * Files of a run: atomic writes, parameters and checkpoints in the safetensors format, and the run
 * folder that holds configuration, metrics, times, summary and checkpoint.
 */
package io.dfc.algorithms.store;
