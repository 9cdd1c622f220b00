package io.dfc.api.error;

import java.util.Objects;

/**
 * Root of every error that this framework reports on purpose.
 *
 * <p>The message is one line that says what was wrong, where, and what would be right; whatever a
 * file or a setting brings into it stays within that line: control characters become blanks, and
 * what goes beyond 4000 characters is left out. There is one subclass per thing that a caller can
 * act on.
 */
public class DfcException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 4000;

    /**
     * Creates an error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public DfcException(String message) {
        super(oneLine(message));
    }

    /**
     * Creates an error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath; it is shown on request only
     */
    public DfcException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        if (message == null) {
            return "no reason given";
        }
        boolean cut = message.length() > LONGEST;
        StringBuilder line = new StringBuilder(cut ? message.substring(0, LONGEST) : message);
        for (int i = 0; i < line.length(); i++) {
            if (endsLine(line.charAt(i))) {
                line.setCharAt(i, ' ');
            }
        }
        return line + (cut ? "..." : "");
    }

    private static boolean endsLine(char c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** {@return one line: what was wrong, where, and what would be right} */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), getClass().getName());
    }
}
