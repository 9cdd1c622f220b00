package io.dfc.algorithms.files;

import java.util.List;
import java.util.regex.Pattern;

/** Texts of users as a message shows them: short, and on one line. */
public final class Excerpt {
    private static final int SHOWN = 40;
    private static final int MOST_NAMES = 20;
    private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Cc}\\u2028\\u2029]+");

    private Excerpt() {}

    /**
     * The beginning of a text.
     *
     * @param text a text, such as the cell of a table
     * @return its first characters without line breaks and control characters
     */
    public static String of(String text) {
        return oneLine(text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text);
    }

    /**
     * A whole text on one line.
     *
     * @param text a text
     * @return the text with a blank for each run of blanks, line breaks and control characters
     */
    public static String oneLine(String text) {
        return UNSEEN.matcher(text).replaceAll(" ");
    }

    /**
     * A list of names.
     *
     * @param names the names
     * @return the first of them, separated by commas, and how many more there are
     */
    public static String listed(List<String> names) {
        int shown = Math.min(MOST_NAMES, names.size());
        String text = String.join(", ", names.subList(0, shown).stream().map(Excerpt::of).toList());
        return names.size() > shown ? text + " and " + (names.size() - shown) + " more" : text;
    }
}
