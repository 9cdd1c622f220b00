/** From a configuration to something that runs: its data, its plan, its training. */
package io.dfc.algorithms.run;
