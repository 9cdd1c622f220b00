/**
 * {@code dfc export} and {@code dfc import}: trained networks in the formats of other programs, and
 * run folders that begin with weights from there.
 */
package io.dfc.bench.cli.exchange;
