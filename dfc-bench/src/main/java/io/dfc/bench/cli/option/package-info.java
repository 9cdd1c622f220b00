/**
 * Options and values that several commands share: the choice of a backend, tables in CSV files,
 * whole numbers, the version. This package uses none of the module's others.
 */
package io.dfc.bench.cli.option;
