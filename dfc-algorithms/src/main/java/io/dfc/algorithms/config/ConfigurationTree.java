package io.dfc.algorithms.config;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.plan.Precision;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Configurations as trees of settings: reading, merging with a check of every key, and binding to
 * {@link RunConfiguration}.
 */
final class ConfigurationTree {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NESTING = 32;

    /** The subtree whose keys are free. */
    private static final String FREE = "published";

    private static final YAMLMapper YAML =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_NESTING)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                                    .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .changeDefaultNullHandling(h -> h.withValueNulls(Nulls.FAIL, Nulls.FAIL))
                    .withConfigOverride(
                            Optional.class,
                            o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.SET)))
                    .withConfigOverride(
                            Map.class,
                            o -> o.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.SET)))
                    .build();

    private ConfigurationTree() {}

    /** Reads a file, YAML or JSON. */
    static ObjectNode read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot read configuration " + file + ": " + PathProblem.describe(e), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new BadDataException(
                    file.toString(),
                    "is larger than " + MAX_BYTES + " bytes; not a configuration?");
        }
        return parse(YamlBytes.text(bytes, file.toString()), file.toString());
    }

    /** Reads a text; {@code source} names it in messages. */
    static ObjectNode parse(String text, String source) {
        JsonNode node;
        try {
            node = YamlText.read(YAML, text);
        } catch (YamlText.Unreadable e) {
            String where = e.line() < 1 ? "" : "line " + e.line() + ": ";
            throw new BadDataException(source, e.line(), where + e.getMessage());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new BadDataException(
                source, "holds no settings, expected lines such as \"epochs: 10\"");
    }

    /** Reads the value of a setting given on a command line. */
    static JsonNode value(String key, String text) {
        try {
            JsonNode node = YamlText.read(YAML, text);
            return node == null || node.isMissingNode() ? YAML.nullNode() : node;
        } catch (YamlText.Unreadable e) {
            throw new BadConfigurationException(
                    key, "the value \"" + text + "\" cannot be read: " + e.getMessage());
        }
    }

    /** Replaces settings of a complete tree; every key must exist there. */
    static void merge(ObjectNode base, ObjectNode changes, String prefix, String source) {
        for (Map.Entry<String, JsonNode> entry : changes.properties()) {
            String key = prefix + entry.getKey();
            requireKey(base, entry.getKey(), prefix, source);
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

    /** Sets one value by its dotted key. */
    static void set(ObjectNode tree, String dottedKey, JsonNode value) {
        ObjectNode node = tree;
        String prefix = "";
        String[] parts = dottedKey.split("\\.", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            requireKey(node, parts[i], prefix, "");
            if (!(node.get(parts[i]) instanceof ObjectNode inner)) {
                throw new BadConfigurationException(
                        dottedKey, prefix + parts[i] + " has no settings below it");
            }
            node = inner;
            prefix += parts[i] + ".";
        }
        String last = parts[parts.length - 1];
        requireKey(node, last, prefix, "");
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

    private static void requireKey(ObjectNode node, String key, String prefix, String source) {
        if (!node.has(key)) {
            List<String> known = new ArrayList<>(node.propertyNames());
            throw new BadConfigurationException(
                    prefix + key, "no such setting" + from(source) + elsewhere(prefix, key, known));
        }
    }

    /** A key that stands in the wrong place is led to the right one. */
    private static String elsewhere(String prefix, String key, List<String> known) {
        if (key.equals("<<")) {
            return "; merge keys are not resolved, write the settings themselves";
        }
        ObjectNode all = RunConfigurations.defaultTree();
        int dot = key.lastIndexOf('.');
        if (dot > 0 && prefix.isEmpty() && !all.at("/" + key.replace('.', '/')).isMissingNode()) {
            return "; in a file it is \""
                    + key.substring(dot + 1)
                    + "\" in the group \""
                    + key.substring(0, dot)
                    + "\", indented below it";
        }
        if (KeySuggestions.nearest(key, known).isEmpty()) {
            List<String> places = new ArrayList<>();
            for (Map.Entry<String, JsonNode> group : all.properties()) {
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

    /** Binds a complete tree. */
    static RunConfiguration bind(ObjectNode tree) {
        requireNames(tree, "method", List.of(Method.values()));
        requireNames(tree, "precision", List.of(Precision.values()));
        requireNames(tree, "solver", List.of(SolverChoice.values()));
        requireNames(tree, "loss", List.of(LossChoice.values()));
        WholeNumbers.check(tree);
        TruthValues.check(tree);
        try {
            return YAML.treeToValue(tree, RunConfiguration.class);
        } catch (DatabindException e) {
            String key =
                    e.getPath().stream()
                            .filter(r -> r.getPropertyName() != null)
                            .map(JacksonException.Reference::getPropertyName)
                            .collect(Collectors.joining("."));
            JsonNode found = tree.at("/" + key.replace('.', '/'));
            throw new BadConfigurationException(
                    key, "has a value of the wrong type: " + found + "; " + expectation(key));
        }
    }

    private static void requireNames(ObjectNode tree, String key, List<?> allowed) {
        List<String> names = allowed.stream().map(Object::toString).toList();
        String value = tree.path(key).asString("");
        if (!names.contains(value)) {
            throw new BadConfigurationException(
                    key,
                    "unknown value \""
                            + value
                            + "\""
                            + KeySuggestions.nearest(value, names)
                                    .map(n -> "; did you mean \"" + n + "\"?")
                                    .orElse("")
                            + "; allowed: "
                            + String.join(", ", names));
        }
    }

    /** What the default of a setting is like, as a hint at its type. */
    private static String expectation(String key) {
        JsonNode example = RunConfigurations.defaultTree().at("/" + key.replace('.', '/'));
        return example.isMissingNode() || example.isNull()
                ? "expected a number or text"
                : "expected something like " + example;
    }

    static String write(RunConfiguration configuration) {
        return YAML.writeValueAsString(configuration);
    }

    static ObjectNode tree(RunConfiguration configuration) {
        return (ObjectNode) YAML.<JsonNode>valueToTree(configuration);
    }

    /** Settings in which two complete trees differ. */
    static List<String> differences(ObjectNode found, ObjectNode wanted, Set<String> ignored) {
        List<String> differences = new ArrayList<>();
        collect("", found, wanted, ignored, differences);
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
            } else if (!ignored.contains(key) && !entry.getValue().equals(other)) {
                differences.add(key + " is " + entry.getValue() + " there, " + other + " here");
            }
        }
    }
}
