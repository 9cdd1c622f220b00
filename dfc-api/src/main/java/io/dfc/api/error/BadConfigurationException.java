package io.dfc.api.error;

/** A setting has a value that makes no sense, or there is no such setting. */
public final class BadConfigurationException extends DfcException {
    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * Creates the error.
     *
     * @param key the setting, in the spelling of the configuration file, such as {@code
     *     control.time-step}
     * @param problem the value found and the values allowed, without the key
     */
    public BadConfigurationException(String key, String problem) {
        super(key + ": " + problem);
        this.key = key;
    }

    /** {@return the setting at fault} */
    public String key() {
        return key;
    }
}
