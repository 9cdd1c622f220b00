/**
 * The closed loop: controllers, their output targets, the dynamics of the controlled network in
 * discrete time, and the ways to find its state (Meulemans et al. 2021, arXiv 2106.07887, equations
 * 1 to 4). All times are in units of the controller's time constant {@code tau_u}.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.api.control;

import io.dfc.api.stability.Stability;
