package io.dfc.algorithms.data.csv;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** The meaning of the text of a cell, and errors that name the cell. */
final class CellText {
    private static final Set<String> MISSING =
            Set.of("", "?", "na", "n/a", "#n/a", "nan", "null", "<na>");
    private static final Set<String> INFINITE =
            Set.of("inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");

    /** Texts that mean a missing number in columns of numbers, and are texts elsewhere. */
    private static final Set<String> NOTHING =
            Set.of(
                    "-", "--", "---", ".", "..", "none", "nil", "missing", "unknown", "n.a.", "nd",
                    "#value!", "#ref!", "#div/0!", "#num!", "#name?", "\u2013", "\u2014");

    private CellText() {}

    /** Whether a cell, without surrounding blanks, is missing in any column. */
    static boolean isMissing(String cell) {
        return cell.length() <= 4 && MISSING.contains(cell.toLowerCase(Locale.ROOT));
    }

    /** Whether a cell is missing in a column of numbers. */
    static boolean isNothing(String cell) {
        return cell.length() <= 7 && NOTHING.contains(cell.toLowerCase(Locale.ROOT));
    }

    static boolean isInfinite(String cell) {
        return cell.length() <= 9 && INFINITE.contains(cell.toLowerCase(Locale.ROOT));
    }

    static BadDataException bad(
            Path file, long line, String column, String cell, String expected, String hint) {
        return new BadDataException(
                file.toString(),
                line,
                "line "
                        + line
                        + ", column '"
                        + column
                        + "': expected "
                        + expected
                        + ", found '"
                        + Excerpt.of(cell)
                        + "'"
                        + hint);
    }
}
