package io.dfc.algorithms.store;

import io.dfc.algorithms.measure.Measurements;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measurements as they are written into metrics: numbers by name; null where there is none. */
public final class DiagnosticsJson {
    private DiagnosticsJson() {}

    /**
     * One measurement.
     *
     * @param measurements what was measured
     * @return {@code minibatch}, then single numbers, then lists of one number per layer
     */
    public static Map<String, Object> of(Measurements measurements) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("minibatch", measurements.minibatch());
        measurements.values().forEach((name, value) -> all.put(name, finite(value)));
        measurements
                .layers()
                .forEach(
                        (name, layers) ->
                                all.put(
                                        name,
                                        layers.stream().map(DiagnosticsJson::finite).toList()));
        return all;
    }

    /** Measurements of an epoch; null, which leaves the key out, if there are none. */
    static @Nullable List<Map<String, Object>> of(List<Measurements> epoch) {
        return epoch.isEmpty() ? null : epoch.stream().map(DiagnosticsJson::of).toList();
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
