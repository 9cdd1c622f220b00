package io.dfc.algorithms.config;

import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadConfigurationException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Binds trees of settings to records. */
final class Binding {
    private Binding() {}

    /**
     * Binds a complete tree.
     *
     * @param tree the tree
     * @param type the record
     * @param examples the defaults, which show what values are like
     * @throws BadConfigurationException if a value is of the wrong type, by its dotted key
     */
    static <T> T bind(ObjectNode tree, Class<T> type, ObjectNode examples) {
        try {
            return Yaml.mapper().treeToValue(tree, type);
        } catch (JacksonException e) {
            String key =
                    e.getPath().stream()
                            .filter(r -> r.getPropertyName() != null)
                            .map(JacksonException.Reference::getPropertyName)
                            .collect(Collectors.joining("."));
            JsonNode found = MethodSettings.at(tree, key);
            if (e instanceof InvalidFormatException f && f.getTargetType().isEnum()) {
                throw unknown(
                        key,
                        found.asString(""),
                        Arrays.stream(f.getTargetType().getEnumConstants())
                                .map(Object::toString)
                                .toList());
            }
            throw new BadConfigurationException(
                    key,
                    "has a value of the wrong type: " + found + "; " + expectation(key, examples));
        }
    }

    /** What the default of a setting is like, as a hint at its type. */
    private static String expectation(String key, ObjectNode examples) {
        JsonNode example = MethodSettings.at(examples, key);
        return example.isMissingNode() || example.isNull()
                ? "expected a number or text"
                : "expected something like " + example;
    }

    /** A word that is none of those allowed. */
    static BadConfigurationException unknown(String key, String value, List<String> allowed) {
        return new BadConfigurationException(
                key,
                "unknown value \""
                        + value
                        + "\""
                        + KeySuggestions.nearest(value, allowed)
                                .map(n -> "; did you mean \"" + n + "\"?")
                                .orElse("")
                        + "; allowed: "
                        + String.join(", ", allowed));
    }
}
