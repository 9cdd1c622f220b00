package io.dfc.algorithms.data;

import java.util.Optional;

/**
 * Reads numbers with a decimal point or a decimal comma. Unless the mark is named, the first number
 * that has one decides for the whole file; a number with the other mark is then none.
 */
final class Decimals {
    private static final char UNDECIDED = 0;

    private final boolean named;
    private final boolean commaSeparates;
    private char mark;

    /**
     * Starts a file.
     *
     * @param mark the decimal mark, if it is named
     * @param separator what stands between cells; where it is a comma, {@code 1,234} may have a
     *     thousands separator and decides nothing
     */
    Decimals(Optional<Character> mark, char separator) {
        this.mark = mark.orElse(UNDECIDED);
        named = mark.isPresent();
        commaSeparates = separator == ',';
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
    Double parse(String cell) {
        if (mark == UNDECIDED) {
            boolean point = cell.indexOf('.') >= 0;
            boolean comma = cell.indexOf(',') >= 0;
            if (point && !comma && number(cell, '.') != null) {
                mark = '.';
            } else if (comma && number(cell, ',') != null && !(commaSeparates && grouped(cell))) {
                mark = ',';
            } else if (point || comma) {
                return null;
            }
        }
        return number(cell, mark);
    }

    /** Whether a number could as well be a whole one with commas between its thousands. */
    private static boolean grouped(String cell) {
        return cell.matches("[+-]?\\d{1,3}(,\\d{3})+");
    }

    private static Double number(String cell, char mark) {
        String text = cell;
        if (mark == ',') {
            if (text.indexOf('.') >= 0) {
                if (!text.matches("[+-]?\\d{1,3}(\\.\\d{3})+(,\\d*)?")) {
                    return null;
                }
                text = text.replace(".", "");
            }
            text = text.replace(',', '.');
        }
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
