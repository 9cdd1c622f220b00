package io.dfc.api.error;

import java.util.Objects;

/**
 * Root of every error that this framework reports on purpose.
 *
 * <p>The message is one line that says what was wrong, where, and what would be right. There is one
 * subclass per thing that a caller can act on.
 */
public class DfcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public DfcException(String message) {
        super(message);
    }

    /**
     * Creates an error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath; it is shown on request only
     */
    public DfcException(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@return one line: what was wrong, where, and what would be right} */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), getClass().getName());
    }
}
