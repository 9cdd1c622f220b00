package io.dfc.bench.log;

import java.lang.System.Logger;
import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** Writes each message as a line to standard error. */
final class LineLogger implements Logger {
    private final String name;
    private final Level threshold;

    LineLogger(String name, Level threshold) {
        this.name = name;
        this.threshold = threshold;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.compareTo(threshold) >= 0;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
        if (isLoggable(level)) {
            String line = "dfc: " + localized(bundle, message);
            System.err.println(thrown == null ? line : line + ": " + thrown);
            if (thrown != null && isLoggable(Level.DEBUG)) {
                thrown.printStackTrace();
            }
        }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
        if (isLoggable(level)) {
            String message = localized(bundle, format);
            boolean plain = parameters == null || parameters.length == 0;
            System.err.println(
                    "dfc: " + (plain ? message : MessageFormat.format(message, parameters)));
        }
    }

    private static String localized(ResourceBundle bundle, String key) {
        try {
            return bundle == null ? key : bundle.getString(key);
        } catch (MissingResourceException e) {
            return key;
        }
    }
}
