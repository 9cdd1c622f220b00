/**
 * Configurations of runs: one immutable record that holds every setting, its YAML form, the
 * published configurations by name, and the overrides of a command line.
 */
package io.dfc.algorithms.config;
