/**
 * Wiring of a run for applications that use Guice. The one package that touches Guice, which the
 * module requires at compile time alone: {@link io.dfc.algorithms.run.RunData}, {@link
 * io.dfc.algorithms.run.RunAssembler} and {@link io.dfc.algorithms.train.Trainer} do the same
 * without it. A module that uses this package requires {@code com.google.guice} and {@code
 * jakarta.inject}, for Guice has no descriptor that would.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.inject;

import io.dfc.api.stability.Stability;
