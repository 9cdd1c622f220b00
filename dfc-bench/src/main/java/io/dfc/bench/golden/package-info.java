/**
 * Conformance with golden files: cases whose every quantity was computed by the authors' published
 * programs.
 *
 * <p>{@link io.dfc.bench.golden.GoldenReader} turns files into {@link
 * io.dfc.bench.golden.GoldenFile}s, {@link io.dfc.bench.golden.GoldenCheck} runs them on an open
 * backend and compares every quantity, and {@link io.dfc.bench.golden.CheckReport} holds the result
 * as values; nothing here prints. A file is checked wholly before a backend sees any of it, for it
 * may come from anywhere.
 */
package io.dfc.bench.golden;
