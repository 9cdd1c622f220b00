/**
 * Conformance with golden files: cases whose every quantity was computed by the authors' published
 * programs.
 *
 * <p>{@link io.dfc.bench.golden.GoldenReader} reads files as {@link
 * io.dfc.bench.golden.GoldenFile}s, {@link io.dfc.bench.golden.GoldenCheck} runs them on an open
 * backend and compares every quantity. The cases are in {@link io.dfc.bench.golden.scenario}, the
 * comparison and its report in {@link io.dfc.bench.golden.compare}; nothing here prints.
 */
package io.dfc.bench.golden;
