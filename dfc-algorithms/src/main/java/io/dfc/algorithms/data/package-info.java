/**
 * Data sets and how they become numbers: samples with their targets ({@link
 * io.dfc.algorithms.data.DataSet}), the training, validation and test parts ({@link
 * io.dfc.algorithms.data.DataSplits}), and the encoding that was fitted to the training samples
 * ({@link io.dfc.algorithms.data.DataEncoding}). What reads or generates data lives in the packages
 * below; this one uses {@code files} alone.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.algorithms.data;

import io.dfc.api.stability.Stability;
