package io.dfc.algorithms.data.csv;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads numbers with a decimal point or a decimal comma, and the other of the two between
 * thousands. Unless the mark is named, the first number that has one decides for the whole file; a
 * number with the other mark is then none. {@code 1,234} may be either: then the numbers behind it
 * decide.
 */
final class Decimals {
    private static final char UNDECIDED = 0;

    /** No number of more than three digits begins with a zero. */
    private static final Pattern POINTS = Pattern.compile("[+-]?[1-9]\\d{0,2}(\\.\\d{3})+(,\\d*)?");

    private static final Pattern COMMAS = Pattern.compile("[+-]?[1-9]\\d{0,2}(,\\d{3})+(\\.\\d*)?");

    private final boolean named;
    private final boolean commaSeparates;
    private final Supplier<Character> ahead;
    private char mark;
    private boolean lookedAhead;

    /**
     * Starts a file.
     *
     * @param mark the decimal mark, if it is named
     * @param separator what stands between cells
     * @param ahead finds the mark of the file where a cell does not tell it; see {@link #ofFile}
     */
    private Decimals(Optional<Character> mark, char separator, Supplier<Character> ahead) {
        this.mark = mark.orElse(UNDECIDED);
        named = mark.isPresent();
        commaSeparates = separator == ',';
        this.ahead = ahead;
    }

    /** For cells that stand alone. */
    static Decimals ofCell(Optional<Character> mark, char separator) {
        return new Decimals(mark, separator, () -> UNDECIDED);
    }

    /** For the cells of a file, which is read ahead where a cell does not tell the mark. */
    static Decimals ofFile(Path file, CsvOptions options, char separator) {
        return new Decimals(options.decimal(), separator, () -> firstMark(file, options));
    }

    /** The mark of the first number that has no other reading. */
    private static char firstMark(Path file, CsvOptions options) {
        try (CsvRows rows = CsvRows.open(file, options)) {
            while (rows.next()) {
                for (int i = 0; i < rows.header().size(); i++) {
                    String cell = rows.cell(i);
                    boolean point = number(cell, '.') != null;
                    if (hasMark(cell) && point != (number(cell, ',') != null)) {
                        return point ? '.' : ',';
                    }
                }
            }
        }
        return UNDECIDED;
    }

    private static boolean hasMark(String cell) {
        return cell.indexOf('.') >= 0 || cell.indexOf(',') >= 0;
    }

    /** What to say about the mark where a cell is no number; empty if there is nothing to say. */
    String hint(String cell) {
        if (number(cell, '.') != null || number(cell, ',') != null) {
            return mark == UNDECIDED
                    ? "; say which decimal mark it has with --decimal"
                    : ", which has another decimal mark than "
                            + (named ? "--decimal says" : "the numbers before it")
                            + "; name the mark with --decimal";
        }
        return "";
    }

    /**
     * Reads a number.
     *
     * @param cell text without surrounding blanks
     * @return its value, infinite if it is too large; null if it is no number
     */
    @Nullable Double parse(String cell) {
        if (mark == UNDECIDED && hasMark(cell)) {
            decide(cell);
            if (mark == UNDECIDED) {
                return null;
            }
        }
        return number(cell, mark);
    }

    private void decide(String cell) {
        boolean point = number(cell, '.') != null;
        boolean comma = number(cell, ',') != null;
        if (point != comma) {
            mark = point ? '.' : ',';
        } else if (point) {
            boolean groupedByPoints = cell.indexOf('.') >= 0;
            if (!lookedAhead && !(groupedByPoints && commaSeparates)) {
                lookedAhead = true;
                mark = ahead.get();
            }
            if (mark == UNDECIDED && groupedByPoints) {
                mark = '.';
            }
        }
    }

    private static @Nullable Double number(String cell, char mark) {
        char other = mark == ',' ? '.' : ',';
        String text = cell;
        if (text.indexOf(other) >= 0) {
            Pattern groups = mark == ',' ? POINTS : COMMAS;
            if (!groups.matcher(text).matches()) {
                return null;
            }
            text = text.replace(String.valueOf(other), "");
        }
        text = mark == ',' ? text.replace(',', '.') : text;
        return isNumber(text) ? Double.valueOf(text) : null;
    }

    /** Java itself would also take {@code 1f}, {@code 0x1p3} and words. */
    private static boolean isNumber(String text) {
        int at = 0;
        int length = text.length();
        if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            at++;
        }
        int whole = digits(text, at);
        at += whole;
        int fraction = 0;
        if (at < length && text.charAt(at) == '.') {
            fraction = digits(text, at + 1);
            at += 1 + fraction;
        }
        if (whole + fraction == 0) {
            return false;
        }
        if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = digits(text, at);
            if (exponent == 0) {
                return false;
            }
            at += exponent;
        }
        return at == length;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }
}
