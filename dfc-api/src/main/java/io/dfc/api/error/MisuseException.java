package io.dfc.api.error;

/**
 * A backend, an engine or a model was used in a way that its contract rules out: after it was
 * closed, or by two threads at once. What it holds is unharmed; the calling program has to change.
 */
public final class MisuseException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public MisuseException(String message) {
        super(message);
    }
}
