package io.dfc.bench.cli.option;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backends;

import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * The backends that are installed, and those that the launcher has left out. The launcher describes
 * each of the latter by three system properties: {@code dfc.absent.NAME.reason}, {@code
 * dfc.absent.NAME.remedy} and {@code dfc.absent.NAME.keywords}, words with commas between them.
 */
public final class KnownBackends {
    private static final String PREFIX = "dfc.absent.";
    private static final String REASON = ".reason";

    private KnownBackends() {}

    /**
     * {@return the backends; one that is installed takes the place of one that was left out under
     * its name}
     */
    public static Backends discover() {
        return Backends.discover().with(leftOut(System.getProperties()));
    }

    /** The backends that properties describe, in the order of their names. */
    static List<AbsentBackend> leftOut(Properties properties) {
        return properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX) && key.endsWith(REASON))
                .filter(key -> key.length() > PREFIX.length() + REASON.length())
                .sorted()
                .map(key -> key.substring(PREFIX.length(), key.length() - REASON.length()))
                .map(name -> leftOut(name, properties))
                .toList();
    }

    private static AbsentBackend leftOut(String name, Properties properties) {
        String key = PREFIX + name;
        String keywords = properties.getProperty(key + ".keywords", "");
        return new AbsentBackend(
                name,
                keywords.isEmpty() ? Set.of() : Set.copyOf(List.of(keywords.split(",", -1))),
                new Availability.Unavailable(
                        properties.getProperty(key + REASON),
                        properties.getProperty(key + ".remedy", "install it")));
    }
}
