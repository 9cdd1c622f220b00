/**
 * Data sets that are generated: the built-in digits {@code glyphs} and the student-teacher
 * regression. The same seed gives the same bytes on every machine. Uses the data sets and their
 * random numbers.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.data.synthetic;

import io.dfc.api.stability.Stability;
