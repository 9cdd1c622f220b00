/**
 * How fast a backend runs a minibatch, next to how fast its device could compute.
 *
 * <p>{@link io.dfc.bench.measure.BenchNetwork} and {@link io.dfc.bench.measure.Workload} say what
 * is run, {@link io.dfc.bench.measure.WorkCount} how much arithmetic that is, and {@link
 * io.dfc.bench.measure.HardwareBench} runs it through the interface that every backend implements,
 * in less than a minute; nothing here prints.
 */
package io.dfc.bench.measure;
