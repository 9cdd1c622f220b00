package io.dfc.algorithms.model;

import io.dfc.api.error.BadDataException;

import java.util.List;

/** Rows of numbers from callers, checked: every error says which row, and what would be right. */
final class Rows {
    private Rows() {}

    /** Numbers in float64. */
    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Numbers rounded to float32. */
    static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    static double[][] widen(float[][] rows) {
        double[][] wide = new double[requireSome("x", rows.length)][];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = widen(requireRow("x", i, rows[i]));
        }
        return wide;
    }

    private static <T> T requireRow(String what, int row, T values) {
        if (values == null) {
            throw new BadDataException(what, "row " + row + " is null, expected numbers");
        }
        return values;
    }

    static int requireSome(String what, int rows) {
        if (rows == 0) {
            throw new BadDataException(what, "has no rows, expected at least 1");
        }
        return rows;
    }

    /**
     * Joins rows.
     *
     * @param what what messages call them
     * @param rows the rows, at least one, of the same length and finite
     * @return the numbers, row-major
     */
    static double[] join(String what, double[][] rows) {
        requireSome(what, rows.length);
        int width = requireRow(what, 0, rows[0]).length;
        if (width == 0) {
            throw new BadDataException(what, "has rows without numbers, expected at least 1");
        }
        if ((long) width * rows.length > Integer.MAX_VALUE - 8) {
            throw new BadDataException(
                    what,
                    "has "
                            + rows.length
                            + " rows of "
                            + width
                            + " numbers, more than an array holds; pass them in parts");
        }
        double[] joined = new double[width * rows.length];
        for (int i = 0; i < rows.length; i++) {
            requireRow(what, i, rows[i]);
            if (rows[i].length != width) {
                throw new BadDataException(
                        what,
                        "row " + i + " has " + rows[i].length + " numbers, but row 0 has " + width);
            }
            for (int j = 0; j < width; j++) {
                if (!Double.isFinite(rows[i][j])) {
                    throw new BadDataException(
                            what,
                            "row "
                                    + i
                                    + ", number "
                                    + j
                                    + " is "
                                    + rows[i][j]
                                    + ", expected a finite number");
                }
                joined[i * width + j] = rows[i][j];
            }
        }
        return joined;
    }

    static void requireSameCount(int rows, String what, int targets) {
        if (targets != rows) {
            throw new BadDataException(
                    what, "has " + targets + " entries, but x has " + rows + " rows");
        }
    }

    /** Names of columns, classes or targets: as many as wanted, none of them twice. */
    static List<String> requireNames(String what, List<String> names, int wanted) {
        if (names.size() != wanted) {
            throw new BadDataException(
                    what, "there are " + names.size() + " names, expected " + wanted);
        }
        if (names.stream().distinct().count() != wanted
                || names.stream().anyMatch(String::isBlank)) {
            throw new BadDataException(what, "are " + names + ", expected each name once");
        }
        return names;
    }
}
