package io.dfc.bench.plot;

import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.Graphics2D;

/** A marker of XChart with a size of its own; XChart has one size for all of a chart. */
final class SizedMarker extends Marker {
    private static final int LARGE = 10;
    private static final int SMALL = 3;

    private final Marker shape;
    private final int size;

    /**
     * The marker of a mark.
     *
     * @param mark the mark
     */
    SizedMarker(Look.Mark mark) {
        this(mark, mark == Look.Mark.DOT ? SMALL : LARGE);
    }

    private SizedMarker(Look.Mark mark, int size) {
        this.size = size;
        shape =
                switch (mark) {
                    case NONE -> SeriesMarkers.NONE;
                    case DOT -> SeriesMarkers.CIRCLE;
                    case DIAMOND -> SeriesMarkers.DIAMOND;
                    case TRIANGLE -> SeriesMarkers.TRIANGLE_UP;
                    case SQUARE -> SeriesMarkers.SQUARE;
                };
    }

    /** {@return the marker of a mark in a legend, where one dot stands alone} */
    static SizedMarker inLegend(Look.Mark mark) {
        return new SizedMarker(mark, LARGE);
    }

    @Override
    public void paint(Graphics2D g, double x, double y, int sizeOfChart) {
        shape.paint(g, x, y, size);
    }
}
