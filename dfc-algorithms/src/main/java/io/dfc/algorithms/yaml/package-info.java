/**
 * Settings in YAML, read strictly: a value of another type, a duplicate key or an alias is an error
 * in one line. Uses {@code files}; Jackson parses. Not exported.
 */
package io.dfc.algorithms.yaml;
