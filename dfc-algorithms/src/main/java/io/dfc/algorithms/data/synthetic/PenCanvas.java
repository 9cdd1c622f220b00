package io.dfc.algorithms.data.synthetic;

import java.util.Arrays;

/**
 * A square grey image on which a round pen draws; edges are anti-aliased by the distance of a
 * pixel's centre to the line.
 *
 * <p>Only additions, products, quotients and square roots are used: the same strokes give the same
 * bytes on every machine.
 */
final class PenCanvas {
    private static final int CURVE_STEPS = 5;
    private static final double EDGE = 0.5;

    private final int side;
    private final double[] squaredDistance;

    PenCanvas(int side) {
        this.side = side;
        squaredDistance = new double[side * side];
        clear();
    }

    void clear() {
        Arrays.fill(squaredDistance, Double.POSITIVE_INFINITY);
    }

    /**
     * Draws straight lines through points given in pixels; {@code reach} bounds the pen radius used
     * later.
     */
    void lines(double[] xy, double reach) {
        for (int p = 2; p < xy.length; p += 2) {
            segment(xy[p - 2], xy[p - 1], xy[p], xy[p + 1], reach);
        }
    }

    /**
     * Draws a uniform Catmull-Rom spline through points given in pixels, with doubled end points.
     */
    void curve(double[] xy, double reach) {
        int points = xy.length / 2;
        double fromX = xy[0];
        double fromY = xy[1];
        for (int span = 0; span + 1 < points; span++) {
            int before = 2 * Math.max(0, span - 1);
            int start = 2 * span;
            int end = start + 2;
            int after = 2 * Math.min(points - 1, span + 2);
            for (int step = 1; step <= CURVE_STEPS; step++) {
                double t = (double) step / CURVE_STEPS;
                double x = spline(xy[before], xy[start], xy[end], xy[after], t);
                double y = spline(xy[before + 1], xy[start + 1], xy[end + 1], xy[after + 1], t);
                segment(fromX, fromY, x, y, reach);
                fromX = x;
                fromY = y;
            }
        }
    }

    private static double spline(double a, double b, double c, double d, double t) {
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    private void segment(double x0, double y0, double x1, double y1, double reach) {
        double margin = reach + EDGE;
        int left = Math.max(0, (int) (Math.min(x0, x1) - margin));
        int right = Math.min(side - 1, (int) (Math.max(x0, x1) + margin));
        int top = Math.max(0, (int) (Math.min(y0, y1) - margin));
        int bottom = Math.min(side - 1, (int) (Math.max(y0, y1) + margin));
        double dx = x1 - x0;
        double dy = y1 - y0;
        double squaredLength = dx * dx + dy * dy;
        double inverse = squaredLength > 0 ? 1 / squaredLength : 0;
        for (int row = top; row <= bottom; row++) {
            double py = row + 0.5 - y0;
            for (int column = left; column <= right; column++) {
                double px = column + 0.5 - x0;
                double along = Math.clamp((px * dx + py * dy) * inverse, 0, 1);
                double ex = px - along * dx;
                double ey = py - along * dy;
                int at = row * side + column;
                squaredDistance[at] = Math.min(squaredDistance[at], ex * ex + ey * ey);
            }
        }
    }

    /**
     * Adds the ink of everything drawn since {@link #clear()}: {@code strength} where the pen with
     * that radius covers.
     */
    void ink(double radius, double strength, double[] image) {
        double outer = radius + EDGE;
        for (int i = 0; i < image.length; i++) {
            if (squaredDistance[i] < outer * outer) {
                double cover = Math.min(1, outer - Math.sqrt(squaredDistance[i]));
                image[i] = Math.max(image[i], strength * cover);
            }
        }
    }
}
