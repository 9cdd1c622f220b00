/** Deep Feedback Control (arXiv 2106.07887): its variants, and the settings that they share. */
package io.dfc.algorithms.method.dfc;
