package io.dfc.bench.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a curve into dashes. XChart draws a curve one piece between two points at a time and would
 * begin its dashes anew at each, so that dense points look like a whole line.
 *
 * @param x abscissae
 * @param y ordinates; NaN between two dashes
 */
record Dashes(double[] x, double[] y) {
    /**
     * Cuts a curve.
     *
     * @param x abscissae, in units of pixels
     * @param y ordinates, in units of pixels
     * @param on length of a dash in pixels
     * @param off length of a gap in pixels
     * @return the dashes, in units of pixels
     */
    static Dashes of(double[] x, double[] y, double on, double off) {
        List<double[]> points = new ArrayList<>();
        boolean drawn = true;
        double left = on;
        points.add(new double[] {x[0], y[0]});
        for (int i = 1; i < x.length; i++) {
            double length = Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
            double at = 0;
            while (length - at > left) {
                at += left;
                double part = at / length;
                double[] cut = {
                    x[i - 1] + part * (x[i] - x[i - 1]), y[i - 1] + part * (y[i] - y[i - 1])
                };
                // A dash ends with a gap, and a gap with the beginning of a dash.
                points.add(cut);
                if (drawn) {
                    points.add(new double[] {cut[0], Double.NaN});
                }
                drawn = !drawn;
                left = drawn ? on : off;
            }
            left -= length - at;
            if (drawn) {
                points.add(new double[] {x[i], y[i]});
            }
        }
        return new Dashes(
                points.stream().mapToDouble(p -> p[0]).toArray(),
                points.stream().mapToDouble(p -> p[1]).toArray());
    }
}
