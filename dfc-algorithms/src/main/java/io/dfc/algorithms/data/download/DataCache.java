package io.dfc.algorithms.data.download;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder for downloaded files, with one folder in it for each data set.
 *
 * @param root the folder; it need not exist
 */
public record DataCache(Path root) {
    private static final String APPLICATION = "dfc";

    /**
     * The cache of the user: {@code $XDG_CACHE_HOME/dfc}, {@code %LOCALAPPDATA%\dfc} on Windows,
     * otherwise {@code ~/.cache/dfc}.
     *
     * @return the cache
     */
    public static DataCache ofUser() {
        return ofUser(
                System.getenv(),
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")));
    }

    static DataCache ofUser(Map<String, String> environment, String system, Path home) {
        String variable = system.startsWith("Windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME";
        Path base = absolute(environment.getOrDefault(variable, ""), home.resolve(".cache"));
        return new DataCache(base.resolve(APPLICATION));
    }

    /** The folder named by a variable, which by convention does not count unless it is absolute. */
    private static Path absolute(String value, Path otherwise) {
        try {
            Path path = Path.of(value);
            return path.isAbsolute() ? path : otherwise;
        } catch (InvalidPathException _) {
            return otherwise;
        }
    }

    /**
     * The folder of a data set.
     *
     * @param name name of the data set
     * @return its folder; it need not exist
     */
    public Path folder(String name) {
        return root.resolve(name);
    }
}
