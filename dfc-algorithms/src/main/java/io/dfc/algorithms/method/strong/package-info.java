/**
 * Strong-DFC (Meulemans et al. 2022, arXiv 2204.07249): feedback that drives the output to the
 * label itself, in a single noisy phase or in two. Uses the method's interface, {@code train} and
 * {@code yaml}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.strong;

import io.dfc.api.stability.Stability;
