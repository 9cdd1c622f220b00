/**
 * Data sets by name: {@link io.dfc.algorithms.data.source.DataSources} loads what the setting
 * {@code data} names, generated, downloaded or from files of the user. The one package that uses
 * all the readers and generators.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.data.source;

import io.dfc.api.stability.Stability;
