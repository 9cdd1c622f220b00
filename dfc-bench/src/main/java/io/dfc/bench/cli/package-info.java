/** The commands of {@code dfc}. */
package io.dfc.bench.cli;
