package io.dfc.bench.plot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A picture: panels in rows, and one legend of all their curves below.
 *
 * @param columns panels in a row
 * @param width width of a panel in pixels
 * @param height height of a panel in pixels
 * @param panels the panels, row by row
 * @param note what the reader has to know beside the legend, in one line
 */
public record Picture(int columns, int width, int height, List<Panel> panels, String note) {
    /** Copies the list. */
    public Picture {
        panels = List.copyOf(panels);
        if (panels.isEmpty() || columns < 1) {
            throw new IllegalArgumentException("a picture has at least one panel in a row");
        }
    }

    /** {@return the number of rows of panels} */
    int rows() {
        return Math.ceilDiv(panels.size(), columns);
    }

    /** {@return the look of every label, in the order in which they come} */
    Map<String, Look> legend() {
        Map<String, Look> looks = new LinkedHashMap<>();
        for (Panel panel : panels) {
            for (Curve curve : panel.curves()) {
                looks.putIfAbsent(curve.label(), curve.look());
            }
        }
        return looks;
    }
}
