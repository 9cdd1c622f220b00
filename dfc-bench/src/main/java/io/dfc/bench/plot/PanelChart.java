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
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** A panel as a chart of XChart. */
final class PanelChart {
    private static final int TITLE = 15;
    private static final int LABEL = 13;
    private static final int TICK = 11;
    private static final int BAND_OPACITY = 32;
    private static final float LINE = 1.8f;
    private static final float DASH = 7;
    private static final float GAP = 4;
    private static final float DOT = 2;
    private static final float DOT_GAP = 3;
    private static final int SPACING = 72;
    private static final double DECADE = 10;
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
                add(chart, "curve " + number++, curve.look(), shown, new Pixels(panel, chart));
            }
        }
        return chart;
    }

    /** Points of a curve that its axes can show. */
    private record Shown(double[] x, double[] y, boolean hasBand, double[] low, double[] high) {
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
                    curve.band().isPresent(),
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
    }

    /** Roughly where points lie in pixels: good enough for the length of dashes. */
    private record Pixels(Scale x, Scale y) {
        /** Part of a chart that the curves take. */
        private static final double PLOT = 0.75;

        Pixels(Panel panel, XYChart chart) {
            this(
                    Scale.of(
                            panel.x(),
                            panel.curves().stream().map(Curve::x).toList(),
                            PLOT * chart.getWidth()),
                    Scale.of(
                            panel.y(),
                            panel.curves().stream().map(Curve::y).toList(),
                            PLOT * chart.getHeight()));
        }

        Dashes dashes(Shown shown, double on, double off) {
            Dashes dashes = Dashes.of(x.to(shown.x()), y.to(shown.y()), on, off);
            return new Dashes(x.from(dashes.x()), y.from(dashes.y()));
        }
    }

    /** The scale of an axis in pixels. */
    private record Scale(boolean logarithmic, double pixels) {
        static Scale of(Axis axis, List<double[]> values, double length) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double[] curve : values) {
                for (double value : curve) {
                    double v = axis.logarithmic() ? Math.log(value) : value;
                    low = Double.isFinite(v) ? Math.min(low, v) : low;
                    high = Double.isFinite(v) ? Math.max(high, v) : high;
                }
            }
            double range =
                    axis.range().isPresent()
                            ? axis.range().get().high() - axis.range().get().low()
                            : high - low;
            return new Scale(axis.logarithmic(), range > 0 ? length / range : 1);
        }

        double[] to(double[] values) {
            return DoubleStream.of(values)
                    .map(v -> pixels * (logarithmic ? Math.log(v) : v))
                    .toArray();
        }

        double[] from(double[] values) {
            return DoubleStream.of(values)
                    .map(v -> logarithmic ? Math.exp(v / pixels) : v / pixels)
                    .toArray();
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
        styler.setXAxisLogarithmicDecadeOnly(
                spansDecades(panel.curves().stream().map(Curve::x).toList()));
        styler.setYAxisLogarithmicDecadeOnly(
                spansDecades(panel.curves().stream().map(Curve::y).toList()));
        styler.setXAxisTickMarkSpacingHint(SPACING);
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

    /** Whether a logarithmic scale shows so much that only powers of ten have room at its side. */
    private static boolean spansDecades(List<double[]> values) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (double[] curve : values) {
            for (double value : curve) {
                low = value > 0 ? Math.min(low, value) : low;
                high = Math.max(high, value);
            }
        }
        return high > DECADE * low;
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private static void add(XYChart chart, String name, Look look, Shown shown, Pixels pixels) {
        if (shown.hasBand()) {
            addBand(chart, name + " band", look.color(), shown);
        }
        addUnevenPoint(chart, name + " point", shown);
        Dashes dashes =
                switch (look.pattern()) {
                    case NONE, SOLID -> new Dashes(shown.x(), shown.y());
                    case DASHED -> pixels.dashes(shown, DASH, GAP);
                    case DOTTED -> pixels.dashes(shown, DOT, DOT_GAP);
                };
        XYSeries series = chart.addSeries(name, dashes.x(), dashes.y());
        boolean line = look.pattern() != Look.Pattern.NONE;
        series.setXYSeriesRenderStyle(
                line ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
        series.setLineColor(look.color());
        series.setLineStyle(stroke(Look.Pattern.SOLID));
        series.setMarkerColor(look.color());
        series.setMarker(new SizedMarker(look.mark()));
    }

    /**
     * Adds a point that is not seen. Where all abscissae are evenly spaced XChart would put its
     * ticks on them, at whatever numbers they are.
     */
    private static void addUnevenPoint(XYChart chart, String name, Shown shown) {
        double first = shown.x()[0];
        double last = shown.x()[shown.x().length - 1];
        XYSeries point =
                chart.addSeries(
                        name,
                        new double[] {first + (last - first) / Math.PI},
                        new double[] {shown.y()[0]});
        point.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        point.setMarker(SeriesMarkers.NONE);
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
            case DASHED -> dashed(DASH, GAP);
            case DOTTED -> dashed(DOT, DOT_GAP);
        };
    }

    private static BasicStroke dashed(float on, float off) {
        return new BasicStroke(
                LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {on, off}, 0);
    }
}
