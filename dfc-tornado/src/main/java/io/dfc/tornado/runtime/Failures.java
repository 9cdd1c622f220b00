package io.dfc.tornado.runtime;

/** Says in one line what went wrong inside TornadoVM, which wraps errors in errors. */
public final class Failures {
    private Failures() {}

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
