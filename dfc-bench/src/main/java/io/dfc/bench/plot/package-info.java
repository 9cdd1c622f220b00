/**
 * Pictures of curves, as SVG and PNG, without a display.
 *
 * <p>A {@link io.dfc.bench.plot.Picture} is a grid of {@link io.dfc.bench.plot.Panel}s over one
 * legend; {@link io.dfc.bench.plot.PictureFiles} writes it. XChart draws the panels.
 */
package io.dfc.bench.plot;
