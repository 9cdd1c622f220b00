package io.dfc.algorithms.files;

import java.util.regex.Pattern;

/** Words of commands that messages suggest, to be copied as they are. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+=:,@-]+");

    private ShellWord() {}

    /**
     * A word that a shell takes as it is.
     *
     * @param text any text, such as a path or the name of a column
     * @return the text, in quotes if it needs them
     */
    public static String of(Object text) {
        String word = text.toString();
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
