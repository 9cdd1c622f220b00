/**
 * The command line {@code dfc}: one class per command, {@link io.dfc.bench.cli.Main} at the root.
 *
 * <p>Exit codes: 0 done, 1 the run failed or a check missed, 2 unusable arguments. Results go to
 * standard output; an error is one line on standard error.
 */
package io.dfc.bench.cli;
