/**
 * Configurations of runs: one immutable record with every setting, its YAML form, the published
 * configurations by name, and the overrides of a command line. Settings of a method are bound to
 * the record that its class names. Uses the methods, for their settings, and {@code yaml}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.config;

import io.dfc.api.stability.Stability;
