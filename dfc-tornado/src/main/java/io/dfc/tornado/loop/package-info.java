/**
 * The controlled loop: simulated point by point, at its steady state, or in output space, with the
 * choice between them, and what is recorded of it.
 *
 * <p>The device does the arithmetic; classes here write the tables, launch kernels and decide by a
 * few numbers to a sample. It uses {@code learn} and what lies below.
 */
package io.dfc.tornado.loop;
