package io.dfc.api.error;

/** A tensor has another shape than its place demands; the message gives both shapes. */
public final class ShapeMismatchException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public ShapeMismatchException(String message) {
        super(message);
    }

    /**
     * Creates the error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath
     */
    public ShapeMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
