package io.dfc.algorithms.config;

import io.dfc.api.error.BadConfigurationException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Ranges of the settings that are whole numbers. They are checked on the tree, where a number may
 * still be larger than any type of the record.
 */
final class IntegerSettings {
    private static final int MAX_BATCH = 1 << 20;
    private static final int MAX_THREADS = 1024;
    private static final int MAX_LAYER = 1 << 20;
    private static final int MAX_TEACHER_WIDTH = 10_000;
    private static final int MAX_TEACHER_DEPTH = 20;

    /** A number that is octal to some readers of YAML and decimal to others. */
    private static final Pattern LEADING_ZERO = Pattern.compile("[+-]?0[0-9_]+");

    private record Range(long low, long high) {
        boolean contains(BigInteger value) {
            return value.compareTo(BigInteger.valueOf(low)) >= 0
                    && value.compareTo(BigInteger.valueOf(high)) <= 0;
        }

        @Override
        public String toString() {
            return low + " to " + high;
        }
    }

    private static final Range COUNT = new Range(0, Integer.MAX_VALUE);
    private static final Range INT = new Range(Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final Range LONG = new Range(Long.MIN_VALUE, Long.MAX_VALUE);
    private static final Range TEACHER_WIDTH = new Range(1, MAX_TEACHER_WIDTH);

    private static final Map<String, Range> RANGES =
            Map.ofEntries(
                    Map.entry("seed", LONG),
                    Map.entry("epochs", COUNT),
                    Map.entry("batch", new Range(1, MAX_BATCH)),
                    Map.entry("limit", COUNT),
                    Map.entry("keep-every", COUNT),
                    Map.entry("threads", new Range(0, MAX_THREADS)),
                    Map.entry("network.hidden", new Range(1, MAX_LAYER)),
                    Map.entry("network.output-units", new Range(1, MAX_LAYER)),
                    Map.entry("stop.after-epoch", COUNT),
                    Map.entry("stop.patience", COUNT),
                    Map.entry("diagnostics.every", COUNT),
                    Map.entry("diagnostics.samples", new Range(1, MAX_BATCH)),
                    Map.entry("teacher.inputs", TEACHER_WIDTH),
                    Map.entry("teacher.outputs", TEACHER_WIDTH),
                    Map.entry("teacher.width", TEACHER_WIDTH),
                    Map.entry("teacher.depth", new Range(1, MAX_TEACHER_DEPTH)));

    private IntegerSettings() {}

    /**
     * Checks every whole number of a complete tree.
     *
     * @param tree the tree
     * @param ofMethod the defaults of its method, which show where whole numbers are wanted; their
     *     ranges are the method's to check
     * @throws BadConfigurationException if one is out of its range, or has a fraction
     */
    static void check(ObjectNode tree, ObjectNode ofMethod) {
        RANGES.forEach((key, range) -> checkAll(key, range, MethodSettings.at(tree, key)));
        checkLike("", tree, ofMethod);
    }

    private static void checkAll(String key, Range range, JsonNode node) {
        if (node.isArray()) {
            node.forEach(element -> check(key, range, element));
        } else {
            check(key, range, node);
        }
    }

    private static void checkLike(String prefix, JsonNode tree, JsonNode examples) {
        for (Map.Entry<String, JsonNode> entry : examples.properties()) {
            JsonNode example =
                    entry.getValue().isArray() && !entry.getValue().isEmpty()
                            ? entry.getValue().get(0)
                            : entry.getValue();
            JsonNode value = tree.path(entry.getKey());
            String key = prefix + entry.getKey();
            if (example.isObject()) {
                checkLike(key + ".", value, example);
            } else if (example.isIntegralNumber()) {
                checkAll(key, example.isInt() ? INT : LONG, value);
            }
        }
    }

    /** How to write {@code 1e3}, which YAML takes for a number with a fraction. */
    private static String written(JsonNode node, Range range) {
        double value = node.doubleValue();
        boolean whole = !node.isIntegralNumber() && value == Math.rint(value);
        if (!whole || Math.abs(value) > Integer.MAX_VALUE) {
            return "";
        }
        BigInteger number = BigInteger.valueOf((long) value);
        return range.contains(number) ? "; write " + number : "";
    }

    private static void check(String key, Range range, JsonNode node) {
        if (node.isString() && LEADING_ZERO.matcher(node.asString().strip()).matches()) {
            throw new BadConfigurationException(
                    key,
                    node.asString()
                            + " begins with a zero, which some read as octal; write the number without it");
        }
        if (node.isNumber()
                && !(node.isIntegralNumber() && range.contains(node.bigIntegerValue()))) {
            throw new BadConfigurationException(
                    key,
                    "must be a whole number from "
                            + range
                            + ", got "
                            + node.asString()
                            + written(node, range));
        }
    }
}
