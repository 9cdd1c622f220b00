package io.dfc.bench.golden;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.golden.compare.Expectation;
import io.dfc.bench.golden.compare.Measure;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code expected} by the keys of {@code comparison}. */
final class ExpectedSection {
    private final Map<String, Measure> measures = new LinkedHashMap<>();
    private final Optional<JsonCursor> float32Errors;
    private final List<Expectation> expectations = new ArrayList<>();

    private ExpectedSection(JsonCursor root) {
        JsonCursor comparison = root.get("comparison");
        for (String quantity : comparison.keys()) {
            measures.put(quantity, comparison.get(quantity).as(Measure.class));
        }
        if (measures.isEmpty()) {
            throw comparison.expected("at least one quantity");
        }
        float32Errors = root.optional("float32_deviation");
    }

    /**
     * Every expected tensor that is compared. A key of {@code comparison} without any is an error.
     */
    static List<Expectation> read(JsonCursor root) {
        ExpectedSection section = new ExpectedSection(root);
        JsonCursor expected = root.get("expected");
        for (String key : expected.keys()) {
            section.collect(key, expected, key);
        }
        section.requireAll(root);
        return section.expectations;
    }

    private void collect(String path, JsonCursor parent, String key) {
        parent.optional(key).ifPresent(value -> collect(path, value));
    }

    private void collect(String path, JsonCursor value) {
        Measure measure = measures.get(Expectation.quantityOf(path));
        if (value.isTensor() || value.node().isNumber() || value.node().isBoolean()) {
            if (measure != null) {
                Tensor tensor =
                        value.isTensor()
                                ? value.tensor()
                                : Tensor.of(new double[] {value.scalar()});
                expectations.add(new Expectation(path, measure, float32Error(path), tensor));
            }
        } else if (value.node().isObject()) {
            value.keys().forEach(key -> collect(path + "." + key, value, key));
        } else if (value.node().isArray()) {
            List<JsonCursor> items = value.items();
            for (int i = 0; i < items.size(); i++) {
                if (!items.get(i).node().isNull()) {
                    collect(path + "[" + i + "]", items.get(i));
                }
            }
        } else if (measure != null) {
            throw value.expected("a tensor, a number or a list of them");
        }
    }

    private double float32Error(String path) {
        String quantity = Expectation.quantityOf(path);
        return float32Errors
                .flatMap(d -> d.optional(quantity))
                .map(
                        d -> {
                            if (!(d.number() >= 0)) {
                                throw d.expected("a number of at least 0");
                            }
                            return d.number();
                        })
                .orElse(0.0);
    }

    private void requireAll(JsonCursor root) {
        Set<String> found = new HashSet<>();
        expectations.forEach(e -> found.add(e.quantity()));
        for (String quantity : measures.keySet()) {
            if (!found.contains(quantity)) {
                throw new BadDataException(
                        root.source(),
                        "comparison."
                                + quantity
                                + ": expected such a quantity in \"expected\", found none");
            }
        }
    }
}
