package io.dfc.algorithms.config;

import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadConfigurationException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Configurations by name, from files and from overrides. Settings that a file or a named
 * configuration leaves out have the documented defaults, general ones or those of the method.
 */
public final class RunConfigurations {
    private static final String DEFAULT_METHOD = "dfc";
    private static final String NAMED = "named/";

    /**
     * Settings of where a run computes, what it keeps and what it measures, not of what it
     * computes.
     */
    public static final Set<String> SURROUNDINGS =
            Set.of(
                    "backend",
                    "threads",
                    "data-dir",
                    "keep-every",
                    "diagnostics.every",
                    "diagnostics.measures",
                    "diagnostics.samples",
                    "diagnostics.damping",
                    "diagnostics.damping-search",
                    "diagnostics.stability");

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
        return Yaml.resource(RunConfigurations.class, NAMED + "index.txt")
                .lines()
                .filter(l -> !l.isBlank())
                .toList();
    }

    /** {@return the defaults of every setting} */
    public static RunConfiguration defaults() {
        return finish(ConfigurationTree.defaults(DEFAULT_METHOD), List.of());
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
     * @param base settings that replace the documented defaults, as far as the method has them
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such configuration or setting, or a value is
     *     not allowed
     */
    public static RunConfiguration load(
            String nameOrFile, List<Setting> base, List<Setting> overrides) {
        if (names().contains(nameOrFile)) {
            String source = NAMED + nameOrFile + ".yaml";
            return finish(merged(shipped(source), source, base, overrides), overrides);
        }
        return ofFile(nameOrFile, Yaml.read(requireFile(nameOrFile)), base, overrides);
    }

    /** What is wrong in a file is said with its name, unless another setting replaced it. */
    private static RunConfiguration ofFile(
            String file, ObjectNode changes, List<Setting> base, List<Setting> overrides) {
        try {
            ConfigurationTree tree = merged(changes, file, base, overrides);
            requireUsable(tree, file);
            return finish(tree, overrides);
        } catch (BadConfigurationException e) {
            boolean replaced = overrides.stream().anyMatch(s -> s.key().equals(e.key()));
            throw replaced ? e : in(file, e);
        }
    }

    /**
     * A configuration from a text, as {@link #toYaml} writes it.
     *
     * @param text YAML or JSON
     * @param source what messages call it
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such setting, or a value is not allowed
     * @throws io.dfc.api.error.BadDataException if it holds no settings
     */
    public static RunConfiguration parse(String text, String source) {
        return ofFile(source, Yaml.parse(text, source), List.of(), List.of());
    }

    /** Settings over the defaults of the method that they name. */
    private static ConfigurationTree merged(
            ObjectNode changes, String source, List<Setting> base, List<Setting> overrides) {
        String method =
                method(overrides)
                        .or(
                                () ->
                                        Optional.ofNullable(changes.get("method"))
                                                .map(RunConfigurations::name))
                        .orElse(DEFAULT_METHOD);
        ConfigurationTree tree = based(method, base);
        tree.merge(changes, source);
        return tree;
    }

    private static Path requireFile(String name) {
        Path file = Path.of(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !looksLikeFile(name)) {
            throw new BadConfigurationException(
                    "config",
                    "there is no configuration and no file \""
                            + name
                            + "\""
                            + KeySuggestions.nearest(name, names())
                                    .map(n -> "; did you mean \"" + n + "\"?")
                                    .orElse("; ./dfc configs lists the names"));
        }
        return file;
    }

    /** The method that settings choose, if they do. */
    private static Optional<String> method(List<Setting> settings) {
        return settings.stream()
                .filter(s -> s.key().equals("method"))
                .reduce((first, last) -> last)
                .map(s -> name(Yaml.value(s.key(), s.value())));
    }

    private static String name(JsonNode value) {
        return value.isString() ? value.asString() : value.toString();
    }

    /** The defaults of a method, with those settings replaced that it has. */
    private static ConfigurationTree based(String method, List<Setting> base) {
        ConfigurationTree tree = ConfigurationTree.defaults(method);
        return replace(tree, base.stream().filter(s -> tree.has(s.key())).toList());
    }

    /** What a file holds is to be found there, before other settings replace it. */
    private static void requireUsable(ConfigurationTree tree, String file) {
        try {
            tree.requireUsable();
        } catch (BadConfigurationException e) {
            throw in(file, e);
        }
    }

    /** The same error with the file at fault, unless it is named already. */
    private static BadConfigurationException in(String file, BadConfigurationException e) {
        return e.getMessage().contains(file)
                ? e
                : new BadConfigurationException(
                        e.key(),
                        e.getMessage().substring(e.key().length() + 2) + " (in " + file + ")");
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
     * @param base settings that replace the documented defaults, as far as the method has them
     * @param overrides settings to replace, in order
     * @return the checked configuration
     * @throws BadConfigurationException if there is no such method or setting, or a value is not
     *     allowed
     */
    public static RunConfiguration forRun(
            String data, String method, List<Setting> base, List<Setting> overrides) {
        ConfigurationTree tree = based(method(overrides).orElse(method), base);
        String name = data + "/" + method;
        if (names().contains(name)) {
            String source = NAMED + name + ".yaml";
            tree.merge(shipped(source), source);
        }
        tree.set("data", Yaml.mapper().getNodeFactory().stringNode(data));
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
        ConfigurationTree tree = ConfigurationTree.of(configuration);
        Optional<String> other =
                method(overrides).filter(name -> !name.equals(configuration.method()));
        if (other.isEmpty()) {
            return finish(tree, overrides);
        }
        // What was left at the default of one method is at that of the other.
        ConfigurationTree changed = ConfigurationTree.defaults(other.get());
        changed.merge(tree.changed(ConfigurationTree.defaults(configuration.method())), "");
        return finish(changed, overrides);
    }

    /**
     * The value of a setting.
     *
     * @param configuration a configuration
     * @param key dotted key of the setting, general or of the method
     * @return its numbers, one or a list; empty if there is no such setting or it holds no numbers
     */
    public static List<Double> numbers(RunConfiguration configuration, String key) {
        JsonNode value = ConfigurationTree.of(configuration).value(key);
        List<Double> numbers = new ArrayList<>();
        if (value.isNumber()) {
            numbers.add(value.doubleValue());
        }
        value.forEach(element -> numbers.add(element.doubleValue(Double.NaN)));
        return numbers.stream().noneMatch(n -> n.isNaN()) ? numbers : List.of();
    }

    /**
     * Tells whether a configuration has a setting.
     *
     * @param configuration a configuration
     * @param key dotted key of the setting
     * @return whether it is a general setting or one of the method
     */
    public static boolean has(RunConfiguration configuration, String key) {
        return ConfigurationTree.of(configuration).has(key);
    }

    /**
     * Tells whether a setting has a value.
     *
     * @param configuration a configuration
     * @param setting the setting with the value
     * @return whether that is its value
     */
    public static boolean holds(RunConfiguration configuration, Setting setting) {
        return ConfigurationTree.of(configuration)
                .value(setting.key())
                .equals(Yaml.value(setting.key(), setting.value()));
    }

    /**
     * The complete configuration as YAML; {@link #load} of it gives an equal configuration.
     *
     * @param configuration the configuration
     * @return the text
     */
    public static String toYaml(RunConfiguration configuration) {
        return ConfigurationTree.of(configuration).write();
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
                ConfigurationTree.of(found), ConfigurationTree.of(wanted), ignored);
    }

    private static ObjectNode shipped(String source) {
        return Yaml.parse(Yaml.resource(RunConfigurations.class, source), source);
    }

    private static RunConfiguration finish(ConfigurationTree tree, List<Setting> overrides) {
        return ConfigurationChecks.check(replace(tree, overrides).bind());
    }

    private static ConfigurationTree replace(ConfigurationTree tree, List<Setting> settings) {
        for (Setting setting : settings) {
            tree.set(setting.key(), Yaml.value(setting.key(), setting.value()));
        }
        return tree;
    }
}
