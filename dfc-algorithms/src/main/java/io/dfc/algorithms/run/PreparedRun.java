package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.api.error.BadConfigurationException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A run that is about to begin: its configuration, with defaults that depend on the data and
 * absolute paths.
 *
 * @param configuration the configuration
 * @param data its data, where they had to be loaded for that
 * @param notes what the user should know about both, one sentence each
 */
public record PreparedRun(
        RunConfiguration configuration, Optional<DataSplits> data, List<String> notes) {
    private static final int MOST_NAMES = 10;
    private static final int MOST_LETTERS = 40;

    /**
     * A run on a data set with a method; see {@link RunConfigurations#forRun}.
     *
     * @param data data set
     * @param method method
     * @param overrides settings to replace, in order
     * @return the run
     * @throws io.dfc.api.error.DfcException if a setting or the data are unusable
     */
    public static PreparedRun forRun(String data, String method, List<Setting> overrides) {
        return prepare(overrides, base -> RunConfigurations.forRun(data, method, base, overrides));
    }

    /**
     * A run from a configuration; see {@link RunConfigurations#load}.
     *
     * @param nameOrFile a shipped name, or a YAML or JSON file
     * @param overrides settings to replace, in order
     * @return the run
     * @throws io.dfc.api.error.DfcException if a setting or the data are unusable
     */
    public static PreparedRun load(String nameOrFile, List<Setting> overrides) {
        return prepare(overrides, base -> RunConfigurations.load(nameOrFile, base, overrides));
    }

    /**
     * Settings that suit the size of data: minibatch, number of epochs and, for tables, network and
     * rates.
     *
     * @param data the data, with their encoding
     * @param plain the configuration without these settings
     * @return the settings; those that a method does not have are for other methods
     */
    public static List<Setting> defaults(DataSplits data, RunConfiguration plain) {
        return DataDefaults.of(data, plain).settings();
    }

    /**
     * Settings that suit samples that come one by one: feedback weights begin as the product of the
     * forward weights, as no sweep before teaches them.
     *
     * @param plain the configuration without these settings
     * @return the settings
     */
    public static List<Setting> onlineDefaults(RunConfiguration plain) {
        return DataDefaults.online(plain);
    }

    private static PreparedRun prepare(
            List<Setting> overrides, Function<List<Setting>, RunConfiguration> configure) {
        RunConfiguration plain = absolute(configure.apply(List.of()));
        requireTable(plain, overrides);
        DataDirectory.requireUse(plain.data(), overrides);
        List<String> notes = new ArrayList<>();
        if (plain.dataDir().isPresent() && !DataSources.isPublished(plain.data())) {
            notes.add(DataDirectory.unused(plain.data()));
        }
        if (!DataSources.isOwn(plain.data())) {
            return new PreparedRun(plain, Optional.empty(), notes);
        }
        DataSplits data = RunData.load(plain);
        DataDefaults defaults = DataDefaults.of(data, plain);
        RunConfiguration chosen = absolute(configure.apply(defaults.settings()));
        notes.add(DataSources.shortName(chosen.data()) + ": " + contents(data));
        notes.addAll(data.notes());
        String taken = defaults.taken(chosen);
        if (!taken.isEmpty()) {
            notes.add("chosen for " + data.train().size() + " training samples: " + taken);
        }
        return new PreparedRun(chosen, Optional.of(data), notes);
    }

    /**
     * Options of tables without a table are an error: the user would not notice that other data are
     * used.
     */
    private static void requireTable(RunConfiguration configuration, List<Setting> overrides) {
        for (Setting setting : overrides) {
            boolean forTables =
                    setting.key().equals("target-column") || setting.key().startsWith("table.");
            if (forTables && !DataSources.isTable(configuration.data())) {
                throw new BadConfigurationException(
                        setting.key(),
                        "is for tables, and the data are "
                                + configuration.data()
                                + "; name a table with --data csv:FILE");
            }
        }
    }

    private static String contents(DataSplits data) {
        String targets =
                switch (data.encoding().orElseThrow().targets()) {
                    case TargetEncoding.Classes c -> classes(c.names());
                    case TargetEncoding.Scale s ->
                            String.format(
                                    Locale.ROOT,
                                    "a number to predict, %.4g on average, deviation %.4g",
                                    s.mean(),
                                    s.deviation());
                    case TargetEncoding.Vector v -> v.components().size() + " numbers to predict";
                    case TargetEncoding.Inputs _ -> "themselves to predict";
                };
        return data.train().size()
                + " training, "
                + data.validation().size()
                + " validation and "
                + data.test().size()
                + " test samples, "
                + data.train().inputSize()
                + " inputs, "
                + targets;
    }

    private static String classes(List<String> names) {
        String shown =
                names.stream()
                        .limit(MOST_NAMES)
                        .map(
                                n ->
                                        n.length() > MOST_LETTERS
                                                ? n.substring(0, MOST_LETTERS) + "..."
                                                : n)
                        .collect(Collectors.joining(", "));
        return names.size() + " classes (" + shown + (names.size() > MOST_NAMES ? ", ...)" : ")");
    }

    /** Configurations are stored, and read again from other folders. */
    private static RunConfiguration absolute(RunConfiguration c) {
        List<Setting> changes = new ArrayList<>();
        String data = DataSources.absolute(c.data());
        if (!data.equals(c.data())) {
            changes.add(Setting.text("data", data));
        }
        c.dataDir()
                .map(d -> Path.of(d).toAbsolutePath().normalize().toString())
                .filter(d -> !d.equals(c.dataDir().orElseThrow()))
                .ifPresent(d -> changes.add(Setting.text("data-dir", d)));
        return changes.isEmpty() ? c : RunConfigurations.with(c, changes);
    }
}
