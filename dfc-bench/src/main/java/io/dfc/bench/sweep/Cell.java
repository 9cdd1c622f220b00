package io.dfc.bench.sweep;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.files.ContentHash;
import io.dfc.api.error.BadConfigurationException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the runs of a series that differ by their seeds alone have in common.
 *
 * @param name its name, which is that of its folder: letters, digits and {@code ._=,+-}, slashes
 *     between folders
 * @param configuration the shipped configuration or file that it begins with
 * @param settings settings to replace, in order
 */
public record Cell(String name, String configuration, List<Setting> settings) {
    private static final Pattern NAME =
            Pattern.compile("[\\w=,+-][\\w.=,+-]*(/[\\w=,+-][\\w.=,+-]*)*");
    private static final int LONGEST = 100;
    private static final int DIGEST = 8;

    /** Copies the list, and checks the name. */
    public Cell {
        settings = List.copyOf(settings);
        if (!NAME.matcher(name).matches()) {
            throw new BadConfigurationException("name", "\"" + name + "\" is no name of a folder");
        }
    }

    /**
     * A cell that is named by its settings.
     *
     * @param configuration the configuration
     * @param varied settings in which the cells of the series differ
     * @param common settings that all have
     * @return the cell
     */
    static Cell of(String configuration, List<Setting> varied, List<Setting> common) {
        List<Setting> all = new ArrayList<>(common);
        all.addAll(varied);
        String full =
                varied.isEmpty()
                        ? "runs"
                        : varied.stream()
                                .map(s -> s.key() + "=" + plain(s.value()))
                                .collect(Collectors.joining(","));
        return new Cell(shortened(full), configuration, all);
    }

    private static String plain(String value) {
        return value.replaceAll("[\\s\"'\\[\\]]", "").replaceAll("[^\\w.=,+-]", "_");
    }

    /** Names of folders have an end; what is cut off is in the digest. */
    private static String shortened(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        ContentHash hash = ContentHash.sha256();
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        hash.bytes(bytes, 0, bytes.length);
        return name.substring(0, LONGEST) + "-" + hash.hex().substring(0, DIGEST);
    }
}
