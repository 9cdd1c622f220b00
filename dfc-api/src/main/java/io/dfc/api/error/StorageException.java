package io.dfc.api.error;

/**
 * A file could not be written or read by the operating system (permission, full disk, missing
 * folder).
 */
public final class StorageException extends DfcException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: what was wrong, where, and what would be right
     */
    public StorageException(String message) {
        super(message);
    }

    /**
     * Creates the error with its cause.
     *
     * @param message one line: what was wrong, where, and what would be right
     * @param cause the failure underneath
     */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
