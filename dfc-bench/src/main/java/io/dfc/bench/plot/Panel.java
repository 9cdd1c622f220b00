package io.dfc.bench.plot;

import java.util.List;

/**
 * A panel of a picture.
 *
 * @param title its letter and what it shows
 * @param x horizontal axis
 * @param y vertical axis
 * @param curves curves, those in the background first
 */
public record Panel(String title, Axis x, Axis y, List<Curve> curves) {
    /** Copies the list. */
    public Panel {
        curves = List.copyOf(curves);
    }
}
