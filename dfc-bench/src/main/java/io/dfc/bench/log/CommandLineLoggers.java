package io.dfc.bench.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * Loggers that write to standard error, from level INFO of this project's modules and WARNING of
 * others on. The system property {@code dfc.log}, such as {@code -Ddfc.log=DEBUG}, sets another
 * level for the former.
 */
public final class CommandLineLoggers extends System.LoggerFinder {
    /** System property with a level. */
    public static final String PROPERTY = "dfc.log";

    private static final String OWN = "io.dfc.";

    /** Logs which backend was chosen, which the command line says by itself. */
    private static final String SELECTION = "io.dfc.api.spi";

    /** For {@link java.util.ServiceLoader}. */
    public CommandLineLoggers() {}

    @Override
    public Logger getLogger(String name, Module module) {
        return new LineLogger(name, threshold(name, System.getProperty(PROPERTY, "")));
    }

    static Level threshold(String name, String wanted) {
        if (!name.startsWith(OWN)) {
            return Level.WARNING;
        }
        try {
            return Level.valueOf(wanted.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            // A property of the virtual machine is no place to fail over.
            return name.equals(SELECTION) ? Level.ERROR : Level.INFO;
        }
    }
}
