package io.dfc.bench.sweep;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A setting whose value is drawn. */
sealed interface Draw {
    /** The next value. */
    Setting next(SplittableRandom generator);

    /**
     * Reads how a value is drawn.
     *
     * @param key the setting
     * @param node a list of values, or {@code from}, {@code to} and {@code scale}
     * @param problem makes the error of what is wrong
     */
    static Draw of(String key, JsonNode node, Function<String, BadDataException> problem) {
        return switch (node) {
            case ArrayNode values when !values.isEmpty() -> {
                List<String> texts = new ArrayList<>();
                values.forEach(v -> texts.add(v.toString()));
                yield new Choice(key, texts);
            }
            case ObjectNode range -> range(key, range, problem);
            default ->
                    throw problem.apply(
                            "expected a list of values, or {from: 1e-5, to: 1e-2, scale: log}, got "
                                    + Excerpt.of(node.toString()));
        };
    }

    private static Draw range(
            String key, ObjectNode range, Function<String, BadDataException> problem) {
        for (String name : range.propertyNames()) {
            if (!Set.of("from", "to", "scale").contains(name)) {
                throw problem.apply(name + " is not known; there are: from, to, scale");
            }
        }
        String scale = range.path("scale").asString("linear");
        double from = range.path("from").asDouble(Double.NaN);
        double to = range.path("to").asDouble(Double.NaN);
        if (!Set.of("linear", "log").contains(scale)) {
            throw problem.apply("scale is linear or log, got " + Excerpt.of(scale));
        }
        if (!(Double.isFinite(from) && Double.isFinite(to) && from < to)) {
            throw problem.apply("expected numbers with from < to");
        }
        boolean log = scale.equals("log");
        if (log && from <= 0) {
            throw problem.apply("from has to be positive on a log scale");
        }
        return new Range(key, from, to, log);
    }

    /** One of some values, each as likely. */
    record Choice(String key, List<String> values) implements Draw {
        @Override
        public Setting next(SplittableRandom generator) {
            return new Setting(key, values.get(generator.nextInt(values.size())));
        }
    }

    /** A number, uniform or uniform in its logarithm, with four digits. */
    record Range(String key, double from, double to, boolean log) implements Draw {
        @Override
        public Setting next(SplittableRandom generator) {
            double share = generator.nextDouble();
            double value =
                    log
                            ? Math.exp(Math.log(from) + share * Math.log(to / from))
                            : from + share * (to - from);
            return new Setting(key, String.format(Locale.ROOT, "%.3e", value));
        }
    }
}
