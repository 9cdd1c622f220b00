package io.dfc.bench.plot;

import java.awt.Color;

/**
 * How a curve looks. Colour and pattern tell curves apart together, so that a picture can be read
 * in grey.
 *
 * @param color colour of line and marks
 * @param pattern pattern of the line
 * @param mark mark at each point
 */
public record Look(Color color, Pattern pattern, Mark mark) {
    /** The line between points. */
    public enum Pattern {
        /** No line: points alone. */
        NONE,
        /** A whole line. */
        SOLID,
        /** Dashes. */
        DASHED,
        /** Dots. */
        DOTTED
    }

    /** What stands at a point. */
    public enum Mark {
        /** Nothing. */
        NONE,
        /** A small dot, for clouds of points. */
        DOT,
        /** A diamond. */
        DIAMOND,
        /** A triangle. */
        TRIANGLE,
        /** A square. */
        SQUARE
    }

    /**
     * A line without marks.
     *
     * @param color its colour
     * @param pattern its pattern
     * @return the look
     */
    public static Look line(Color color, Pattern pattern) {
        return new Look(color, pattern, Mark.NONE);
    }

    /**
     * Points without a line.
     *
     * @param color their colour
     * @param mark their mark
     * @return the look
     */
    public static Look points(Color color, Mark mark) {
        return new Look(color, Pattern.NONE, mark);
    }
}
