/**
 * Images and labels in IDX files, the format of MNIST: the four files of a folder, under any of
 * their usual names, plain or gzip. Uses the data sets, the split into parts and {@code files}.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.algorithms.data.idx;

import io.dfc.api.stability.Stability;
