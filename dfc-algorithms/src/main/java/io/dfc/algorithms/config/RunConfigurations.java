package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Configurations by name, from files and from overrides. Settings that a file or a named
 * configuration leaves out have the documented defaults.
 */
public final class RunConfigurations {
    private static final String DEFAULTS = "defaults.yaml";
    private static final String NAMED = "named/";

    /** Settings that say where a run goes on and not what it computes. */
    public static final Set<String> SURROUNDINGS = Set.of("backend", "threads", "data-dir");

    private RunConfigurations() {}

    /**
     * A setting given by its dotted key.
     *
     * @param key such as {@code control.time-step}
     * @param value its value, in YAML
     */
    public record Setting(String key, String value) {
        /**
         * A setting whose value is text, whatever it looks like.
         *
         * @param key its dotted key
         * @param text its value
         * @return the setting
         */
        public static Setting text(String key, String text) {
            return new Setting(key, "'" + text.replace("'", "''") + "'");
        }

        /**
         * Parses {@code key=value}.
         *
         * @param text the text
         * @return the setting
         * @throws BadConfigurationException if there is no equals sign
         */
        public static Setting parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw new BadConfigurationException(
                        "--set", "expected key=value, got \"" + text + "\"");
            }
            return new Setting(
                    text.substring(0, equals).strip(), text.substring(equals + 1).strip());
        }
    }

    /** {@return the names of all shipped configurations, sorted} */
    public static List<String> names() {
        return resource(NAMED + "index.txt").lines().filter(l -> !l.isBlank()).toList();
    }

    /** {@return the defaults of every setting} */
    public static RunConfiguration defaults() {
        return ConfigurationTree.bind(defaultTree());
    }

    /**
     * A configuration by name or from a file, with some settings replaced.
     *
     * @param nameOrFile a shipped name, or a YAML or JSON file
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such configuration or setting, or a value is
     *     not allowed
     */
    public static RunConfiguration load(String nameOrFile, List<Setting> overrides) {
        return load(nameOrFile, List.of(), overrides);
    }

    /**
     * A configuration by name or from a file, with other defaults.
     *
     * @param nameOrFile a shipped name, or a YAML or JSON file
     * @param base settings that replace the documented defaults
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such configuration or setting, or a value is
     *     not allowed
     */
    public static RunConfiguration load(
            String nameOrFile, List<Setting> base, List<Setting> overrides) {
        ObjectNode tree = replace(defaultTree(), base);
        if (names().contains(nameOrFile)) {
            mergeNamed(tree, nameOrFile);
        } else {
            Path file = Path.of(nameOrFile);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !looksLikeFile(nameOrFile)) {
                throw new BadConfigurationException(
                        "config",
                        "there is no configuration and no file \""
                                + nameOrFile
                                + "\""
                                + KeySuggestions.nearest(nameOrFile, names())
                                        .map(n -> "; did you mean \"" + n + "\"?")
                                        .orElse("; ./dfc configs lists the names"));
            }
            ConfigurationTree.merge(tree, ConfigurationTree.read(file), "", nameOrFile);
            requireUsable(tree, nameOrFile);
        }
        return finish(tree, overrides);
    }

    /** What a file holds is to be found there, before other settings replace it. */
    private static void requireUsable(ObjectNode tree, String file) {
        try {
            WholeNumbers.check(tree);
            TruthValues.check(tree);
        } catch (BadConfigurationException e) {
            throw new BadConfigurationException(
                    e.key(), e.getMessage().substring(e.key().length() + 2) + " (in " + file + ")");
        }
    }

    private static boolean looksLikeFile(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    /**
     * The configuration for a data set and a method: the shipped one named {@code data/method}
     * where there is one, else the defaults.
     *
     * @param data data set
     * @param method method
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such method or setting, or a value is not
     *     allowed
     */
    public static RunConfiguration forRun(String data, String method, List<Setting> overrides) {
        return forRun(data, method, List.of(), overrides);
    }

    /**
     * The configuration for a data set and a method, with other defaults.
     *
     * @param data data set
     * @param method method
     * @param base settings that replace the documented defaults
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such method or setting, or a value is not
     *     allowed
     */
    public static RunConfiguration forRun(
            String data, String method, List<Setting> base, List<Setting> overrides) {
        ObjectNode tree = replace(defaultTree(), base);
        String name = data + "/" + method;
        if (names().contains(name)) {
            mergeNamed(tree, name);
        }
        tree.put("data", data);
        tree.put("method", method);
        return finish(tree, overrides);
    }

    /**
     * A configuration with some settings replaced.
     *
     * @param configuration the configuration
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such setting, or a value is not allowed
     */
    public static RunConfiguration with(RunConfiguration configuration, List<Setting> overrides) {
        return finish(ConfigurationTree.tree(configuration), overrides);
    }

    /**
     * The complete configuration as YAML; {@link #load} of it gives an equal configuration.
     *
     * @param configuration the configuration
     * @return the text
     */
    public static String toYaml(RunConfiguration configuration) {
        return ConfigurationTree.write(configuration);
    }

    /**
     * The settings in which two configurations differ.
     *
     * @param found a configuration
     * @param wanted another one
     * @param ignored dotted keys that do not count
     * @return such as {@code batch is 128 there, 64 here}; empty if there is no difference
     */
    public static List<String> differences(
            RunConfiguration found, RunConfiguration wanted, Set<String> ignored) {
        return ConfigurationTree.differences(
                ConfigurationTree.tree(found), ConfigurationTree.tree(wanted), ignored);
    }

    static ObjectNode defaultTree() {
        return ConfigurationTree.parse(resource(DEFAULTS), DEFAULTS);
    }

    private static void mergeNamed(ObjectNode tree, String name) {
        String source = NAMED + name + ".yaml";
        ConfigurationTree.merge(
                tree, ConfigurationTree.parse(resource(source), source), "", source);
    }

    private static RunConfiguration finish(ObjectNode tree, List<Setting> overrides) {
        return ConfigurationChecks.check(ConfigurationTree.bind(replace(tree, overrides)));
    }

    private static ObjectNode replace(ObjectNode tree, List<Setting> settings) {
        for (Setting setting : settings) {
            ConfigurationTree.set(
                    tree, setting.key(), ConfigurationTree.value(setting.key(), setting.value()));
        }
        return tree;
    }

    private static String resource(String name) {
        return Optional.ofNullable(RunConfigurations.class.getResourceAsStream(name))
                .map(RunConfigurations::readAll)
                .orElseThrow(() -> new IllegalStateException("missing resource " + name));
    }

    private static String readAll(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
