package io.dfc.bench.report;

import java.util.Locale;

/** Formatting that does not depend on the machine's locale. */
public final class Text {
    private Text() {}

    /**
     * Replaces line breaks and other control characters, which may come from hostile files, by
     * spaces.
     *
     * @param text any text
     * @return the text in one line
     */
    public static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    /**
     * A number in scientific notation with two digits.
     *
     * @param value the number
     * @return such as {@code 1.2e-10}; {@code 0} for 0
     */
    static String scientific(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
    }

    /**
     * A count and its noun.
     *
     * @param count the count
     * @param noun the noun in the singular
     * @return such as {@code 1 file} or {@code 2 files}
     */
    public static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : noun.endsWith("s") ? "es" : "s");
    }
}
