/**
 * The parameters {@code W_i}, {@code b_i}, {@code Q_i} in the forms that products read, the
 * minibatch with its feedforward pass, and Jacobians of the output. Uses {@code kernel}, {@code
 * product} and {@code runtime}.
 */
package io.dfc.cpu.simd.model;
