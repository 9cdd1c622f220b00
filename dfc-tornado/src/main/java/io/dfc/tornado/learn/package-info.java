/**
 * Gradients and optimisers: products summed over samples, bounded norms, homeostatic decay, steps.
 *
 * <p>It uses {@code memory} and what lies below.
 */
package io.dfc.tornado.learn;
