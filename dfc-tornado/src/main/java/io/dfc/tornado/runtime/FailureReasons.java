package io.dfc.tornado.runtime;

import java.util.regex.Pattern;

/** The cause of a failure inside TornadoVM in one line. */
public final class FailureReasons {
    /** Colours of terminals, and levels of logs in brackets. */
    private static final Pattern MARKS = Pattern.compile("\\x1b\\[[0-9;]*m|\\[[A-Za-z-]+\\]");

    private FailureReasons() {}

    /**
     * The first line of the message of the root cause, without colours and tags; the name of its
     * class if it has no message.
     */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            root = t;
        }
        String message = root.getMessage() == null ? "" : root.getMessage();
        return MARKS.matcher(message)
                .replaceAll("")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse(root.getClass().getSimpleName());
    }
}
