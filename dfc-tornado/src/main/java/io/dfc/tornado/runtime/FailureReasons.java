package io.dfc.tornado.runtime;

/** The cause of a failure inside TornadoVM in one line. */
public final class FailureReasons {
    private FailureReasons() {}

    /** The first line of the message at the root, or the root's name where it has none. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            root = t;
        }
        String message = root.getMessage() == null ? "" : root.getMessage();
        return message.strip()
                .lines()
                .map(String::strip)
                .findFirst()
                .orElse(root.getClass().getSimpleName());
    }
}
