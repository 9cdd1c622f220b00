package io.dfc.api.error;

/**
 * A backend failed while it ran a phase (device lost, out of device memory); the run cannot go on
 * with that engine.
 */
public final class BackendFailureException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public BackendFailureException(String message) {
        super(message);
    }

    /**
     * Creates the error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath
     */
    public BackendFailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
