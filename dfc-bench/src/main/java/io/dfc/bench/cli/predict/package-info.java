/**
 * {@code dfc eval} and {@code dfc predict}: the network of a run's best epoch, or of a model file,
 * on data of the user. This package reads the folders that {@link io.dfc.bench.cli.train} writes,
 * and uses {@link io.dfc.bench.cli.option} and {@link io.dfc.bench.report}.
 */
package io.dfc.bench.cli.predict;
