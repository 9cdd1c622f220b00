package io.dfc.api.error;

/**
 * A backend declined a plan; the message names the part of the plan and the backends that accept
 * it.
 */
public final class PlanUnsupportedException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public PlanUnsupportedException(String message) {
        super(message);
    }

    /**
     * Creates the error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath
     */
    public PlanUnsupportedException(String message, Throwable cause) {
        super(message, cause);
    }
}
