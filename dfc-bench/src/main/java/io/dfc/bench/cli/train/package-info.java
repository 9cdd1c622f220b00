/**
 * {@code dfc train}: one run, or several that differ by their seeds, from a configuration to a
 * folder with checkpoints; what happens when a run diverges or is interrupted. This package uses
 * {@link io.dfc.bench.cli.option}, {@link io.dfc.bench.report} and {@link io.dfc.bench.parallel}.
 */
package io.dfc.bench.cli.train;
