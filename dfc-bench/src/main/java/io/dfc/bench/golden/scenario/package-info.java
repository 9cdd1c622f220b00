/**
 * The kinds of golden files as {@link io.dfc.bench.golden.scenario.Scenario}s: a plan that a file's
 * sections describe, and what an engine computes with it. Sections are named after the keys of the
 * files. This package uses {@link io.dfc.bench.json} and {@link io.dfc.bench.golden.compare}.
 */
package io.dfc.bench.golden.scenario;
