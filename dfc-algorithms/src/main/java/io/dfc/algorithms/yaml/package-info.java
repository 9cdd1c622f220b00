/** Settings in YAML: what is read strictly, and said in one line where it cannot be. */
package io.dfc.algorithms.yaml;
