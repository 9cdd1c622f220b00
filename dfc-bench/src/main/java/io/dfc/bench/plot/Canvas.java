package io.dfc.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Draws a picture: its panels, and below them the legend and the note. */
final class Canvas {
    private static final int TEXT = 13;
    private static final int LINE_HEIGHT = 22;
    private static final int SAMPLE = 34;
    private static final int GAP = 8;
    private static final int BETWEEN = 26;
    private static final int MARGIN = 16;

    private final Picture picture;
    private final List<List<String>> legend;

    /**
     * Lays a picture out.
     *
     * @param picture the picture
     * @param measure measures text
     */
    Canvas(Picture picture, Graphics2D measure) {
        this.picture = picture;
        measure.setFont(font());
        legend = rows(measure.getFontMetrics());
    }

    private static Font font() {
        return PanelChart.font(Font.PLAIN, TEXT);
    }

    /** {@return the width in pixels} */
    int width() {
        return picture.columns() * picture.width();
    }

    /** {@return the height in pixels} */
    int height() {
        return panelsHeight()
                + (legend.size() + (picture.note().isEmpty() ? 0 : 1)) * LINE_HEIGHT
                + MARGIN;
    }

    private int panelsHeight() {
        return picture.rows() * picture.height();
    }

    /** Breaks the legend into rows that fit. */
    private List<List<String>> rows(FontMetrics metrics) {
        List<List<String>> rows = new ArrayList<>();
        int used = width();
        for (String label : picture.legend().keySet()) {
            int wanted = entryWidth(metrics, label);
            if (used + wanted > width() - 2 * MARGIN) {
                rows.add(new ArrayList<>());
                used = 0;
            }
            rows.getLast().add(label);
            used += wanted;
        }
        return rows;
    }

    private static int entryWidth(FontMetrics metrics, String label) {
        return SAMPLE + GAP + metrics.stringWidth(label) + BETWEEN;
    }

    /**
     * Draws everything.
     *
     * @param g where it is drawn, from (0, 0) to width and height
     */
    void draw(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width(), height());
        AffineTransform origin = g.getTransform();
        for (int i = 0; i < picture.panels().size(); i++) {
            g.translate(
                    i % picture.columns() * picture.width(),
                    i / picture.columns() * picture.height());
            PanelChart.of(picture.panels().get(i), picture.width(), picture.height())
                    .paint(g, picture.width(), picture.height());
            g.setTransform(origin);
        }
        drawLegend(g);
    }

    private void drawLegend(Graphics2D g) {
        g.setFont(font());
        FontMetrics metrics = g.getFontMetrics();
        Map<String, Look> looks = picture.legend();
        int y = panelsHeight() + LINE_HEIGHT / 2;
        for (List<String> row : legend) {
            int wanted = row.stream().mapToInt(l -> entryWidth(metrics, l)).sum() - BETWEEN;
            int x = (width() - wanted) / 2;
            for (String label : row) {
                drawSample(g, Objects.requireNonNull(looks.get(label)), x, y);
                drawText(g, metrics, label, x + SAMPLE + GAP, y);
                x += entryWidth(metrics, label);
            }
            y += LINE_HEIGHT;
        }
        drawText(
                g, metrics, picture.note(), (width() - metrics.stringWidth(picture.note())) / 2, y);
    }

    private static void drawText(Graphics2D g, FontMetrics metrics, String text, int x, int y) {
        g.setColor(Color.BLACK);
        g.drawString(text, x, y + (metrics.getAscent() - metrics.getDescent()) / 2);
    }

    private static void drawSample(Graphics2D g, Look look, int x, int y) {
        g.setColor(look.color());
        if (look.pattern() != Look.Pattern.NONE) {
            g.setStroke(PanelChart.stroke(look.pattern()));
            g.draw(new Line2D.Double(x, y, x + SAMPLE, y));
        }
        g.setStroke(new BasicStroke(1));
        SizedMarker.inLegend(look.mark()).paint(g, x + SAMPLE / 2.0, y, 0);
    }
}
