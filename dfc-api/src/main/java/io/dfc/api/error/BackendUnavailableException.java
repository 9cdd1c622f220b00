package io.dfc.api.error;

/**
 * A backend was asked for that is not there or cannot run on this machine; the message lists the
 * ones that can.
 */
public final class BackendUnavailableException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public BackendUnavailableException(String message) {
        super(message);
    }

    /**
     * Creates the error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath
     */
    public BackendUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
