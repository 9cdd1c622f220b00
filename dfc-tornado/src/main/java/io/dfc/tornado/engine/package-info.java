/**
 * The engine of a network: parameters and optimiser state on the device, the feedforward pass, and
 * the phases of a plan.
 *
 * <p>It uses {@code loop}, {@code program} and what lies below.
 */
package io.dfc.tornado.engine;
