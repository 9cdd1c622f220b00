package io.dfc.algorithms.config;

import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.plan.Precision;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration as a tree that holds every setting there is: the general ones, and those of its
 * method beside them. Changing one checks its key.
 */
final class ConfigurationTree {
    private static final String DEFAULTS = "defaults.yaml";

    /** The subtree whose keys are free. */
    private static final String FREE = "published";

    /** The general setting after which those of the method are written. */
    private static final String BEFORE_METHOD = "loss";

    private static final ObjectNode GENERAL =
            Yaml.parse(Yaml.resource(ConfigurationTree.class, DEFAULTS), DEFAULTS);

    private final MethodSettings<?> method;
    private final ObjectNode root;

    private ConfigurationTree(MethodSettings<?> method, ObjectNode root) {
        this.method = method;
        this.root = root;
    }

    /** {@return the defaults of the general settings} */
    static ObjectNode generalDefaults() {
        return GENERAL;
    }

    /**
     * The defaults of a method.
     *
     * @param method its name
     * @throws BadConfigurationException if there is no such method
     */
    static ConfigurationTree defaults(String method) {
        MethodSettings<?> settings = MethodSettings.of(method);
        ObjectNode general = GENERAL.deepCopy();
        general.put("method", method);
        return new ConfigurationTree(settings, joined(general, settings.defaults()));
    }

    /** A configuration. */
    static ConfigurationTree of(RunConfiguration configuration) {
        ObjectNode general = Yaml.mapper().valueToTree(configuration);
        ObjectNode own = Yaml.mapper().valueToTree(configuration.settings());
        return new ConfigurationTree(
                MethodSettings.of(configuration.method()), joined(general, own));
    }

    private static ObjectNode joined(ObjectNode general, ObjectNode own) {
        ObjectNode all = Yaml.mapper().createObjectNode();
        general.properties()
                .forEach(
                        entry -> {
                            all.set(entry.getKey(), entry.getValue());
                            if (entry.getKey().equals(BEFORE_METHOD)) {
                                all.setAll(own);
                            }
                        });
        return all;
    }

    /** {@return the whole tree} */
    ObjectNode root() {
        return root;
    }

    /** Whether there is a setting, by its dotted key. */
    boolean has(String key) {
        return !value(key).isMissingNode();
    }

    /** The value of a setting, by its dotted key; missing if there is none. */
    JsonNode value(String key) {
        return MethodSettings.at(root, key);
    }

    /**
     * Replaces settings.
     *
     * @param changes a tree of some of the settings
     * @param source what messages call it
     * @throws BadConfigurationException if one of them is not there
     */
    void merge(ObjectNode changes, String source) {
        merge(root, changes, "", source);
    }

    private void merge(ObjectNode base, ObjectNode changes, String prefix, String source) {
        for (Map.Entry<String, JsonNode> entry : changes.properties()) {
            String key = prefix + entry.getKey();
            requireKey(base, prefix, entry.getKey(), firstBelow(entry), source);
            JsonNode old = base.get(entry.getKey());
            if (old instanceof ObjectNode section && !key.equals(FREE)) {
                if (!(entry.getValue() instanceof ObjectNode inner)) {
                    throw new BadConfigurationException(
                            key,
                            "expected a group of settings, got " + entry.getValue() + from(source));
                }
                merge(section, inner, key + ".", source);
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }

    /** The first of the settings in a group, by its key within it. */
    private static String firstBelow(Map.Entry<String, JsonNode> entry) {
        return entry.getValue() instanceof ObjectNode group && !group.isEmpty()
                ? entry.getKey() + "." + firstBelow(group.properties().iterator().next())
                : entry.getKey();
    }

    /**
     * Sets one value by its dotted key.
     *
     * @throws BadConfigurationException if there is no such setting
     */
    void set(String dottedKey, JsonNode value) {
        ObjectNode node = root;
        String prefix = "";
        String[] parts = dottedKey.split("\\.", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            requireKey(node, prefix, parts[i], dottedKey.substring(prefix.length()), "");
            if (!(node.get(parts[i]) instanceof ObjectNode inner)) {
                throw new BadConfigurationException(
                        dottedKey, prefix + parts[i] + " has no settings below it");
            }
            node = inner;
            prefix += parts[i] + ".";
        }
        String last = parts[parts.length - 1];
        requireKey(node, prefix, last, last, "");
        if (node.get(last) instanceof ObjectNode) {
            throw new BadConfigurationException(
                    dottedKey,
                    "is a group of settings; set one of them, such as "
                            + dottedKey
                            + "."
                            + node.get(last).propertyNames().iterator().next());
        }
        node.set(last, value);
    }

    /**
     * Wants a key below a node.
     *
     * @param node the node
     * @param prefix its own dotted key, with a dot behind it
     * @param key the key
     * @param setting the setting that was meant, from the node on
     */
    private void requireKey(
            ObjectNode node, String prefix, String key, String setting, String source) {
        if (node.has(key)) {
            return;
        }
        List<String> others = MethodSettings.methodsWith(prefix + setting);
        if (!others.isEmpty() && !others.contains(method.method().name())) {
            throw new BadConfigurationException(
                    prefix + setting,
                    "method "
                            + method.method().name()
                            + " has no such setting"
                            + from(source)
                            + "; it is one of "
                            + String.join(", ", others));
        }
        List<String> known = new ArrayList<>(node.propertyNames());
        throw new BadConfigurationException(
                prefix + key, "no such setting" + from(source) + elsewhere(prefix, key, known));
    }

    /** The error for a key of another group names the key with its group. */
    private String elsewhere(String prefix, String key, List<String> known) {
        if (key.equals("<<")) {
            return "; merge keys are not resolved, write the settings themselves";
        }
        int dot = key.lastIndexOf('.');
        if (dot > 0 && prefix.isEmpty() && has(key)) {
            return "; in a file it is \""
                    + key.substring(dot + 1)
                    + "\" in the group \""
                    + key.substring(0, dot)
                    + "\", indented below it";
        }
        if (KeySuggestions.nearest(key, known).isEmpty()) {
            List<String> places = new ArrayList<>();
            for (Map.Entry<String, JsonNode> group : root.properties()) {
                if (group.getKey().equals(key)) {
                    places.add(key);
                }
                if (group.getValue().has(key)) {
                    places.add(group.getKey() + "." + key);
                }
            }
            if (!places.isEmpty()) {
                return "; did you mean " + String.join(" or ", places) + "?";
            }
        }
        return KeySuggestions.hint(key, known);
    }

    private static String from(String source) {
        return source.isEmpty() ? "" : " (in " + source + ")";
    }

    /**
     * Makes sure that whole numbers and truth values are such.
     *
     * @throws BadConfigurationException if one is not
     */
    void requireUsable() {
        IntegerSettings.check(root, method.defaults());
        BooleanSettings.check(root, GENERAL);
        BooleanSettings.check(root, method.defaults());
    }

    /**
     * The configuration, its ranges not checked.
     *
     * @throws BadConfigurationException if a value is of the wrong type
     */
    RunConfiguration bind() {
        requireName("precision", Precision.values());
        requireName("loss", LossChoice.values());
        requireUsable();
        ObjectNode general = root.deepCopy();
        general.retain(List.copyOf(GENERAL.propertyNames()));
        ObjectNode own = root.deepCopy();
        own.retain(List.copyOf(method.defaults().propertyNames()));
        return Binding.bind(general, RunConfiguration.class, GENERAL)
                .withSettings(method.bind(own));
    }

    private void requireName(String key, Enum<?>[] allowed) {
        List<String> names = Arrays.stream(allowed).map(Enum::toString).toList();
        String value = root.path(key).asString("");
        if (!names.contains(value)) {
            throw Binding.unknown(key, value, names);
        }
    }

    /** {@return the tree as text} */
    String write() {
        return Yaml.mapper().writeValueAsString(root);
    }

    /**
     * The settings that differ from those of another tree.
     *
     * @param other the other tree
     * @return a tree of them with their values here
     */
    ObjectNode changed(ConfigurationTree other) {
        return changed(root, other.root);
    }

    private static ObjectNode changed(ObjectNode mine, ObjectNode theirs) {
        ObjectNode changed = Yaml.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> entry : mine.properties()) {
            JsonNode old = theirs.path(entry.getKey());
            if (entry.getValue() instanceof ObjectNode a && old instanceof ObjectNode b) {
                ObjectNode inner = changed(a, b);
                if (!inner.isEmpty()) {
                    changed.set(entry.getKey(), inner);
                }
            } else if (!entry.getValue().equals(old)) {
                changed.set(entry.getKey(), entry.getValue());
            }
        }
        return changed;
    }

    /** Settings in which two trees differ, in words. */
    static List<String> differences(
            ConfigurationTree found, ConfigurationTree wanted, Set<String> ignored) {
        List<String> differences = new ArrayList<>();
        collect("", found.root, wanted.root, ignored, differences);
        return differences;
    }

    private static void collect(
            String prefix,
            ObjectNode found,
            ObjectNode wanted,
            Set<String> ignored,
            List<String> differences) {
        for (Map.Entry<String, JsonNode> entry : found.properties()) {
            String key = prefix + entry.getKey();
            JsonNode other = wanted.path(entry.getKey());
            if (entry.getValue() instanceof ObjectNode a && other instanceof ObjectNode b) {
                collect(key + ".", a, b, ignored, differences);
            } else if (!ignored.contains(key)
                    && !other.isMissingNode()
                    && !entry.getValue().equals(other)) {
                differences.add(key + " is " + entry.getValue() + " there, " + other + " here");
            }
        }
    }
}
