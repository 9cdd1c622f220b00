package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.api.error.BadConfigurationException;

import java.util.List;

/** The setting {@code data-dir}, which is for data sets that are looked for by their name. */
public final class DataDirectory {
    private static final String KEY = "data-dir";

    private DataDirectory() {}

    /**
     * Makes sure that a folder for data is not named in vain: who names one expects the data to
     * come from there.
     *
     * @param data the data set
     * @param overrides settings that were given for this run
     * @throws BadConfigurationException if the folder is among them and would not be looked into
     */
    public static void requireUse(String data, List<Setting> overrides) {
        boolean given =
                overrides.stream().anyMatch(s -> s.key().equals(KEY) && !s.value().equals("null"));
        if (given && !DataSources.isPublished(data)) {
            throw new BadConfigurationException(
                    KEY,
                    "is for data sets such as mnist, which are looked for there, and the data are "
                            + data
                            + (DataSources.isOwn(data)
                                    ? ", which says itself where it lies; leave the folder out"
                                    : ", which need no files; leave the folder out"));
        }
    }

    /**
     * A note where a configuration names a folder that its data set does not use.
     *
     * @param data the data set
     * @return a sentence
     */
    static String unused(String data) {
        return KEY + " is not used: the data are " + data;
    }
}
