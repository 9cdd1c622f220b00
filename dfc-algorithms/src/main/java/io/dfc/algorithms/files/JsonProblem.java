package io.dfc.algorithms.files;

import java.util.regex.Pattern;

/** Says what is wrong with a text that should be JSON, without what its parser says of itself. */
public final class JsonProblem {
    /** Jackson ends some messages with a description of the stream. */
    private static final Pattern SOURCE =
            Pattern.compile("(\\(start marker at )?\\[Source:.*|\\R.*", Pattern.DOTALL);

    /** It also names the method that sets a limit. */
    private static final Pattern METHOD = Pattern.compile(", from `[^`]*`\\)");

    private JsonProblem() {}

    /**
     * Describes a failure of the parser.
     *
     * @param message its own message
     * @return the reason in one line
     */
    public static String of(String message) {
        String words = SOURCE.matcher(String.valueOf(message)).replaceFirst("");
        return Excerpt.oneLine(METHOD.matcher(words).replaceAll(")")).strip();
    }
}
