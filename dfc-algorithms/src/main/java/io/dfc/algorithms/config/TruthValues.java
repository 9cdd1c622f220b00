package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * Settings that are true or false. They are checked on the tree, because binding would take
 * numbers, and words in quotes, for one of the two.
 */
final class TruthValues {
    private TruthValues() {}

    /**
     * Checks every setting that is true or false in the defaults.
     *
     * @param tree a complete tree
     * @throws BadConfigurationException if one holds anything else
     */
    static void check(ObjectNode tree) {
        check("", RunConfigurations.defaultTree(), tree);
    }

    private static void check(String prefix, ObjectNode defaults, ObjectNode tree) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            JsonNode value = tree.path(entry.getKey());
            if (entry.getValue() instanceof ObjectNode group && value instanceof ObjectNode inner) {
                check(prefix + entry.getKey() + ".", group, inner);
            } else if (entry.getValue().isBoolean() && !value.isBoolean()) {
                throw new BadConfigurationException(
                        prefix + entry.getKey(), "must be true or false, got " + value);
            }
        }
    }
}
