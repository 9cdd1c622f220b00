/**
 * {@code dfc export} and {@code dfc import}: trained networks in the formats of other programs, and
 * run folders that begin with weights from there.
 */
@NullUnmarked
package io.dfc.bench.cli.exchange;

import org.jspecify.annotations.NullUnmarked;
