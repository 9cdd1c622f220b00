package io.dfc.algorithms.data.csv;

import java.util.regex.Pattern;

/**
 * Numbers in a format for human readers that is no plain number: with a percent or currency sign,
 * blanks between thousands, a typographic minus. They are named and not guessed at, because as text
 * each of them would become an input of its own.
 */
final class FormattedNumber {
    private static final String BLANKS = "\\u0020\\u00A0\\u2007\\u2009\\u202F'\\u2019_";
    private static final Pattern GROUPS =
            Pattern.compile("\\d{1,3}([" + BLANKS + "]\\d{3})+([.,]\\d*)?");
    private static final Pattern CURRENCY = Pattern.compile("\\p{Sc}|[A-Z]{3}(?![A-Z])");
    private static final Pattern PLAIN = Pattern.compile("[+-]?[\\d.,]*\\d[\\d.,]*");
    private static final Pattern DATE =
            Pattern.compile("\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}\\b.*|\\d{1,2}:\\d{2}\\b.*");

    private FormattedNumber() {}

    /**
     * The part of a cell that keeps it from being a plain number.
     *
     * @param cell text without surrounding blanks, that is no number
     * @return such as {@code a percent sign}; empty if it does not look like a number
     */
    static String of(String cell) {
        if (cell.length() > 40 || cell.chars().noneMatch(c -> c >= '0' && c <= '9')) {
            return "";
        }
        String text = cell;
        String found = "";
        if (text.indexOf('\u2212') >= 0 || text.indexOf('\u2013') >= 0) {
            text = text.replace('\u2212', '-').replace('\u2013', '-');
            found = "a typographic minus";
        }
        if (text.indexOf('%') >= 0) {
            text = text.replaceFirst("\\s*%$", "");
            found = "a percent sign";
        }
        if (CURRENCY.matcher(text).find()) {
            text = CURRENCY.matcher(text).replaceFirst("").strip();
            found = "a currency";
        }
        if (text.startsWith("(") && text.endsWith(")")) {
            text = text.substring(1, text.length() - 1);
            found = "parentheses for a minus";
        } else if (text.length() > 1 && text.endsWith("-")) {
            text = text.substring(0, text.length() - 1);
            found = "a minus behind it";
        }
        String unsigned = text.replaceFirst("^[+-]\\s*", "");
        if (GROUPS.matcher(unsigned).matches()) {
            return "signs between thousands";
        }
        return !found.isEmpty() && PLAIN.matcher(unsigned).matches() ? found : "";
    }

    /** Whether a cell looks like a date or a time of day. */
    static boolean isDate(String cell) {
        return DATE.matcher(cell).matches();
    }
}
