/**
 * The least-control principle (Meulemans et al. 2022, arXiv 2207.01332) on feedforward networks:
 * dynamic inversion, with learned or linear feedback, and its energy-based variant. Uses the
 * method's interface and {@code train}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method.control;

import io.dfc.api.stability.Stability;
