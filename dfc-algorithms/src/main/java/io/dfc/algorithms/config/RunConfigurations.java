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

/**
 * Configurations by name, from files and from overrides. Settings that a file or a named
 * configuration leaves out have the documented defaults.
 */
public final class RunConfigurations {
    private static final String DEFAULTS = "defaults.yaml";
    private static final String NAMED = "named/";

    private RunConfigurations() {}

    /**
     * A setting given by its dotted key.
     *
     * @param key such as {@code control.time-step}
     * @param value its value, in YAML
     */
    public record Setting(String key, String value) {
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
        ObjectNode tree = defaultTree();
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
        }
        return finish(tree, overrides);
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
        ObjectNode tree = defaultTree();
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

    static ObjectNode defaultTree() {
        return ConfigurationTree.parse(resource(DEFAULTS), DEFAULTS);
    }

    private static void mergeNamed(ObjectNode tree, String name) {
        String source = NAMED + name + ".yaml";
        ConfigurationTree.merge(
                tree, ConfigurationTree.parse(resource(source), source), "", source);
    }

    private static RunConfiguration finish(ObjectNode tree, List<Setting> overrides) {
        for (Setting setting : overrides) {
            ConfigurationTree.set(
                    tree, setting.key(), ConfigurationTree.value(setting.key(), setting.value()));
        }
        return ConfigurationChecks.check(ConfigurationTree.bind(tree));
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
