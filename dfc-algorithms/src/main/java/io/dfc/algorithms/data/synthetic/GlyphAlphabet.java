package io.dfc.algorithms.data.synthetic;

import java.util.List;

/**
 * The ten digits as pen strokes: for each digit a few ways in which people write it.
 *
 * <p>Coordinates lie in the unit square, x to the right and y downwards.
 */
final class GlyphAlphabet {
    /**
     * One movement of the pen.
     *
     * @param smooth whether a curve runs through the points (Catmull-Rom) rather than straight
     *     lines
     * @param points x and y of each point in turn
     */
    record Stroke(boolean smooth, double[] points) {
        static Stroke curve(double... points) {
            return new Stroke(true, points);
        }

        static Stroke lines(double... points) {
            return new Stroke(false, points);
        }

        int count() {
            return points.length / 2;
        }
    }

    /** Shapes of the digits: first index the digit, second the way of writing it. */
    private static final List<List<List<Stroke>>> DIGITS =
            List.of(
                    List.of(
                            List.of(
                                    Stroke.curve(
                                            .52, 0, .28, .14, .2, .5, .27, .86, .5, 1, .73, .86, .8,
                                            .5, .72, .14, .48, 0)),
                            List.of(
                                    Stroke.curve(
                                            .64, .06, .4, .04, .26, .3, .28, .7, .46, .98, .66, .84,
                                            .72, .5, .64, .16, .42, .1))),
                    List.of(
                            List.of(Stroke.lines(.5, 0, .5, 1)),
                            List.of(Stroke.lines(.32, .24, .54, 0, .54, 1)),
                            List.of(
                                    Stroke.lines(.34, .2, .52, 0, .52, 1),
                                    Stroke.lines(.3, 1, .74, 1))),
                    List.of(
                            List.of(
                                    Stroke.curve(
                                            .22, .24, .36, .04, .62, .02, .76, .2, .68, .46, .44,
                                            .74, .2, .98),
                                    Stroke.lines(.2, .98, .8, .97)),
                            List.of(
                                    Stroke.curve(
                                            .24, .2, .46, 0, .72, .14, .68, .42, .46, .76, .26, .96,
                                            .2, .82, .4, .8, .6, .98, .84, .9)),
                            List.of(
                                    Stroke.curve(.26, .1, .5, 0, .74, .16, .66, .42),
                                    Stroke.lines(.66, .42, .22, 1, .8, 1))),
                    List.of(
                            List.of(
                                    Stroke.curve(.24, .12, .48, 0, .72, .16, .66, .4, .42, .48),
                                    Stroke.curve(.42, .48, .7, .56, .78, .78, .54, 1, .22, .88)),
                            List.of(
                                    Stroke.lines(.24, .02, .76, .02, .46, .42),
                                    Stroke.curve(.46, .42, .74, .52, .78, .78, .54, 1, .22, .88))),
                    List.of(
                            List.of(
                                    Stroke.lines(.3, .04, .22, .58, .8, .58),
                                    Stroke.lines(.64, .18, .62, 1)),
                            List.of(Stroke.lines(.66, 1, .66, 0, .16, .66, .86, .66)),
                            List.of(
                                    Stroke.curve(.26, .06, .22, .4, .36, .54, .72, .48),
                                    Stroke.lines(.74, .02, .68, 1))),
                    List.of(
                            List.of(
                                    Stroke.lines(.76, .02, .32, .02, .28, .44),
                                    Stroke.curve(
                                            .28, .44, .54, .36, .76, .54, .76, .8, .5, 1, .22,
                                            .88)),
                            List.of(
                                    Stroke.curve(
                                            .76, .02, .46, .06, .28, .2, .36, .42, .62, .5, .76, .7,
                                            .62, .95, .24, .95))),
                    List.of(
                            List.of(
                                    Stroke.curve(
                                            .68, .02, .42, .2, .25, .55, .28, .86, .52, 1, .76, .84,
                                            .72, .6, .48, .5, .27, .7)),
                            List.of(
                                    Stroke.curve(
                                            .5, 0, .32, .4, .26, .76, .46, 1, .7, .9, .74, .7, .56,
                                            .58, .3, .74))),
                    List.of(
                            List.of(Stroke.lines(.2, .03, .8, .03, .42, 1)),
                            List.of(
                                    Stroke.lines(.22, .03, .8, .03, .44, 1),
                                    Stroke.lines(.36, .5, .76, .5)),
                            List.of(Stroke.curve(.2, .16, .34, .04, .78, .06, .6, .44, .46, 1))),
                    List.of(
                            List.of(
                                    Stroke.curve(
                                            .5, .47, .3, .34, .28, .13, .5, 0, .72, .13, .7, .34,
                                            .5, .47, .26, .63, .24, .87, .5, 1, .76, .87, .74, .63,
                                            .5, .47)),
                            List.of(
                                    Stroke.curve(
                                            .74, .14, .5, 0, .27, .15, .36, .38, .66, .6, .76, .84,
                                            .5, 1, .25, .84, .36, .6, .64, .38, .73, .1))),
                    List.of(
                            List.of(
                                    Stroke.curve(
                                            .74, .2, .52, 0, .27, .16, .28, .42, .52, .52, .72, .36,
                                            .75, .14),
                                    Stroke.curve(.75, .14, .72, .55, .58, 1)),
                            List.of(
                                    Stroke.curve(
                                            .72, .16, .48, 0, .26, .18, .32, .46, .6, .46, .74,
                                            .22),
                                    Stroke.curve(.74, .22, .74, .66, .6, .96, .3, .94)),
                            List.of(
                                    Stroke.curve(
                                            .7, .16, .48, 0, .28, .2, .36, .48, .62, .44, .7, .16),
                                    Stroke.lines(.7, .16, .68, 1))));

    private GlyphAlphabet() {}

    /** The number of ways to write a digit. */
    static int variants(int digit) {
        return DIGITS.get(digit).size();
    }

    /** The strokes of one way to write a digit. */
    static List<Stroke> strokes(int digit, int variant) {
        return DIGITS.get(digit).get(variant);
    }
}
