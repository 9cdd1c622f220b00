/** Methods without a loop over time: backpropagation. */
package io.dfc.algorithms.method.program;
