package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Settings that are true or false. They are checked on the tree, because binding would take
 * numbers, and words in quotes, for one of the two.
 */
final class BooleanSettings {
    private BooleanSettings() {}

    private static List<String> keys(String prefix, ObjectNode group) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : group.properties()) {
            String key = prefix + entry.getKey();
            if (entry.getValue() instanceof ObjectNode inner) {
                keys.addAll(keys(key + ".", inner));
            } else if (entry.getValue().isBoolean()) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    /**
     * Checks every such setting.
     *
     * @param tree a complete tree
     * @param defaults the defaults of some of its settings, which show what is true or false
     * @throws BadConfigurationException if one holds anything else
     */
    static void check(ObjectNode tree, ObjectNode defaults) {
        for (String key : keys("", defaults)) {
            JsonNode value = tree.at("/" + key.replace('.', '/'));
            if (!value.isBoolean()) {
                throw new BadConfigurationException(key, "must be true or false, got " + value);
            }
        }
    }
}
