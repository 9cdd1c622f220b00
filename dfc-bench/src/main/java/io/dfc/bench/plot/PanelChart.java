package io.dfc.bench.plot;

import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import java.util.stream.IntStream;

/** A panel as a chart of XChart. */
final class PanelChart {
    private static final int TITLE = 15;
    private static final int LABEL = 13;
    private static final int TICK = 11;
    private static final int BAND_OPACITY = 48;
    private static final float LINE = 1.8f;
    private static final Color GRID = new Color(0xE6E6E6);
    private static final Color NOTHING = new Color(0, 0, 0, 0);

    private PanelChart() {}

    /**
     * Makes the chart.
     *
     * @param panel the panel
     * @param width width in pixels
     * @param height height in pixels
     * @return the chart, without a legend
     */
    static XYChart of(Panel panel, int width, int height) {
        XYChart chart =
                new XYChartBuilder()
                        .width(width)
                        .height(height)
                        .title(panel.title())
                        .xAxisTitle(panel.x().label())
                        .yAxisTitle(panel.y().label())
                        .theme(ChartTheme.Matlab)
                        .build();
        style(chart.getStyler(), panel);
        int number = 0;
        for (Curve curve : panel.curves()) {
            Shown shown = Shown.of(curve, panel);
            if (shown.x().length > 0) {
                add(chart, "curve " + number++, curve.look(), shown);
            }
        }
        return chart;
    }

    /** Points of a curve that its axes can show. */
    private record Shown(double[] x, double[] y, double[] low, double[] high) {
        static Shown of(Curve curve, Panel panel) {
            int[] kept =
                    IntStream.range(0, curve.x().length)
                            .filter(i -> fits(panel.x(), curve.x()[i]))
                            .filter(i -> fits(panel.y(), curve.y()[i]))
                            .toArray();
            double[] y = at(kept, curve.y());
            return new Shown(
                    at(kept, curve.x()),
                    y,
                    curve.band().map(b -> positive(panel.y(), at(kept, b.low()), y)).orElse(y),
                    curve.band().map(b -> at(kept, b.high())).orElse(y));
        }

        private static boolean fits(Axis axis, double value) {
            return Double.isFinite(value) && (!axis.logarithmic() || value > 0);
        }

        private static double[] at(int[] kept, double[] values) {
            return IntStream.of(kept).mapToDouble(i -> values[i]).toArray();
        }

        /** A band that ends at 0 or below is cut at the curve where the scale is logarithmic. */
        private static double[] positive(Axis axis, double[] low, double[] y) {
            return axis.logarithmic()
                    ? IntStream.range(0, low.length)
                            .mapToDouble(i -> low[i] > 0 ? low[i] : y[i])
                            .toArray()
                    : low;
        }

        boolean hasBand() {
            return low != y;
        }
    }

    private static void style(XYStyler styler, Panel panel) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderColor(Color.DARK_GRAY);
        styler.setChartFontColor(Color.BLACK);
        styler.setChartTitleFont(font(Font.BOLD, TITLE));
        styler.setLegendVisible(false);
        styler.setLocale(Locale.ROOT);
        styler.setAntiAlias(true);
        styler.setAxisTitleFont(font(Font.PLAIN, LABEL));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, TICK));
        styler.setAxisTickLabelsColor(Color.BLACK);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setXAxisLogarithmic(panel.x().logarithmic());
        styler.setYAxisLogarithmic(panel.y().logarithmic());
        styler.setXAxisLogarithmicDecadeOnly(false);
        styler.setYAxisLogarithmicDecadeOnly(false);
        styler.setXAxisTickLabelsFormattingFunction(TickText::of);
        styler.setYAxisTickLabelsFormattingFunction(TickText::of);
        panel.x()
                .range()
                .ifPresent(
                        r -> {
                            styler.setXAxisMin(r.low());
                            styler.setXAxisMax(r.high());
                        });
        panel.y()
                .range()
                .ifPresent(
                        r -> {
                            styler.setYAxisMin(r.low());
                            styler.setYAxisMax(r.high());
                        });
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private static void add(XYChart chart, String name, Look look, Shown shown) {
        if (shown.hasBand()) {
            addBand(chart, name + " band", look.color(), shown);
        }
        XYSeries series = chart.addSeries(name, shown.x(), shown.y());
        boolean line = look.pattern() != Look.Pattern.NONE;
        series.setXYSeriesRenderStyle(
                line ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
        series.setLineColor(look.color());
        series.setLineStyle(stroke(look.pattern()));
        series.setMarkerColor(look.color());
        series.setMarker(new SizedMarker(look.mark()));
    }

    private static void addBand(XYChart chart, String name, Color color, Shown shown) {
        int n = shown.x().length;
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int i = 0; i < n; i++) {
            x[i] = shown.x()[i];
            y[i] = shown.high()[i];
            x[2 * n - 1 - i] = shown.x()[i];
            y[2 * n - 1 - i] = shown.low()[i];
        }
        XYSeries band = chart.addSeries(name, x, y);
        band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        band.setLineColor(NOTHING);
        band.setFillColor(
                new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_OPACITY));
        band.setMarker(SeriesMarkers.NONE);
    }

    /** {@return the stroke of a pattern} */
    static BasicStroke stroke(Look.Pattern pattern) {
        return switch (pattern) {
            case NONE, SOLID -> new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
            case DASHED -> dashed(6, 4);
            case DOTTED -> dashed(1.5f, 3);
        };
    }

    private static BasicStroke dashed(float on, float off) {
        return new BasicStroke(
                LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {on, off}, 0);
    }
}
