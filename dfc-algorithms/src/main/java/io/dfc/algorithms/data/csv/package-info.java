/**
 * Tables in CSV files: separator, decimal mark and column types are recognised, columns become
 * inputs, and one column becomes the target. Uses the data sets, the split into parts and {@code
 * files}; commons-csv cuts the rows into cells.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.algorithms.data.csv;

import io.dfc.api.stability.Stability;
