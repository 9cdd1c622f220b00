/**
 * The command line {@code dfc}: {@link io.dfc.bench.cli.Main} at the root, and the commands that
 * list, check and measure. The commands that train or use a trained network have packages of their
 * own below this one, and so have the options that several commands share.
 *
 * <p>Exit codes: 0 done, 1 the run failed or a check missed, 2 unusable arguments. Results go to
 * standard output; an error is one line on standard error. This package uses every other one of the
 * module, and none uses it.
 */
package io.dfc.bench.cli;
