package io.dfc.algorithms.data.synthetic;

import io.dfc.algorithms.data.sampling.CounterRandom;
import io.dfc.algorithms.data.synthetic.GlyphAlphabet.Stroke;

import java.util.Arrays;

/**
 * Draws one digit at a time with a hand that is never twice the same: way of writing, jitter of
 * every control point, affine map, pen width, stray marks, blur, contrast and background noise are
 * drawn from the sample's own random stream.
 *
 * <p>Not thread-safe.
 */
final class GlyphPainter {
    /** Width and height of an image in pixels. */
    static final int SIDE = 28;

    private static final double HEIGHT = 19;
    private static final double WIDTH = 17;
    private static final double JITTER = 0.075;
    private static final double ROTATION = 0.36;
    private static final double SHEAR = 0.3;
    private static final double MIN_SCALE = 0.76;
    private static final double MAX_SCALE = 1.12;
    private static final double MAX_SHIFT = 3.3;
    private static final double MIN_PEN = 0.8;
    private static final double MAX_PEN = 1.6;
    private static final int MAX_MARKS = 1;
    private static final double MARK_LENGTH = 5;
    private static final double MARK_PEN = 0.6;
    private static final double MAX_BLUR = 0.6;
    private static final double MIN_CONTRAST = 0.6;
    private static final double MAX_NOISE = 0.08;
    private static final double WHITE = 255;

    private final PenCanvas canvas = new PenCanvas(SIDE);
    private final double[] image = new double[SIDE * SIDE];
    private final double[] blurred = new double[SIDE * SIDE];

    /** Paints a digit into {@code out[offset..]}, row by row, 0 for background. */
    void paint(int digit, CounterRandom random, byte[] out, int offset) {
        Arrays.fill(image, 0);
        drawDigit(digit, random);
        drawMarks(random);
        blur(random.between(0, MAX_BLUR));
        expose(random, out, offset);
    }

    private void drawDigit(int digit, CounterRandom random) {
        Affine affine = Affine.draw(random);
        double pen = random.between(MIN_PEN, MAX_PEN);
        double strength = random.between(MIN_CONTRAST, 1);
        int variant = random.below(GlyphAlphabet.variants(digit));
        canvas.clear();
        for (Stroke stroke : GlyphAlphabet.strokes(digit, variant)) {
            double[] xy = new double[stroke.points().length];
            for (int p = 0; p < xy.length; p += 2) {
                double x = (stroke.points()[p] + random.around(JITTER) - 0.5) * WIDTH;
                double y = (stroke.points()[p + 1] + random.around(JITTER) - 0.5) * HEIGHT;
                xy[p] = affine.x(x, y);
                xy[p + 1] = affine.y(x, y);
            }
            if (stroke.smooth()) {
                canvas.curve(xy, pen);
            } else {
                canvas.lines(xy, pen);
            }
        }
        canvas.ink(pen, strength, image);
    }

    private void drawMarks(CounterRandom random) {
        int marks = random.below(MAX_MARKS + 1);
        canvas.clear();
        for (int mark = 0; mark < marks; mark++) {
            double x = random.between(0, SIDE);
            double y = random.between(0, SIDE);
            canvas.lines(
                    new double[] {
                        x, y, x + random.around(MARK_LENGTH), y + random.around(MARK_LENGTH)
                    },
                    MARK_PEN);
        }
        canvas.ink(MARK_PEN, random.between(MIN_CONTRAST / 2, 1), image);
    }

    /** Mixes each pixel with the mean of its four neighbours; the border counts as background. */
    private void blur(double amount) {
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                double around =
                        at(row - 1, column)
                                + at(row + 1, column)
                                + at(row, column - 1)
                                + at(row, column + 1);
                blurred[row * SIDE + column] = (1 - amount) * at(row, column) + amount * around / 4;
            }
        }
    }

    private double at(int row, int column) {
        return row < 0 || row >= SIDE || column < 0 || column >= SIDE
                ? 0
                : image[row * SIDE + column];
    }

    private void expose(CounterRandom random, byte[] out, int offset) {
        double noise = random.between(0, MAX_NOISE);
        for (int i = 0; i < blurred.length; i++) {
            double level = Math.clamp(blurred[i] + random.around(2 * noise), 0, 1);
            out[offset + i] = (byte) (int) (level * WHITE + 0.5);
        }
    }

    /** The map from digit coordinates (pixels around the digit's centre) to image coordinates. */
    private record Affine(
            double xx, double xy, double yx, double yy, double shiftX, double shiftY) {
        static Affine draw(CounterRandom random) {
            double angle = random.around(ROTATION);
            double shear = random.around(SHEAR);
            double scaleX = random.between(MIN_SCALE, MAX_SCALE);
            double scaleY = random.between(MIN_SCALE, MAX_SCALE);
            double cos = StrictMath.cos(angle);
            double sin = StrictMath.sin(angle);
            return new Affine(
                    cos * scaleX,
                    (cos * shear - sin) * scaleY,
                    sin * scaleX,
                    (sin * shear + cos) * scaleY,
                    SIDE / 2.0 + random.around(MAX_SHIFT),
                    SIDE / 2.0 + random.around(MAX_SHIFT));
        }

        double x(double x, double y) {
            return xx * x + xy * y + shiftX;
        }

        double y(double x, double y) {
            return yx * x + yy * y + shiftY;
        }
    }
}
