/** Commands that execute many runs. */
package io.dfc.bench.cli.sweep;
