/**
 * Results as text for people and as JSON for programs: runs, checks, measurements, and the progress
 * of a training. This package uses the values of {@link io.dfc.bench.golden.compare} and {@link
 * io.dfc.bench.measure}; it computes nothing itself.
 */
package io.dfc.bench.report;
