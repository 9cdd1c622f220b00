/** Data sets: where they come from, how they are split and normalised. */
package io.dfc.algorithms.data;
