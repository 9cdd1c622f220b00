/**
 * What every phase of the reference backend computes with: parameters and gradients as plain
 * arrays, the feedforward pass, the Jacobian {@code J_i = dr_L / dv_i}, losses and control errors,
 * noise, small linear systems, and the optimisers' steps.
 */
package io.dfc.api.reference.model;
