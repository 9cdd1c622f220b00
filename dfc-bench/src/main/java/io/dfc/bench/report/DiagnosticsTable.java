package io.dfc.bench.report;

import io.dfc.algorithms.measure.Measurements;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Measurements as a table: names, then a number, or one per layer. */
public final class DiagnosticsTable {
    private static final String DEVIATION = "_deviation";

    /** Counts are written as such. */
    private static final double LARGEST_WHOLE = 1e6;

    private DiagnosticsTable() {}

    /**
     * Lays out measurements.
     *
     * @param measurements what was measured
     * @return the text, each line ended
     */
    public static String of(Measurements measurements) {
        Map<String, String> rows = new LinkedHashMap<>();
        measurements
                .values()
                .forEach(
                        (name, value) -> {
                            if (!name.endsWith(DEVIATION)) {
                                rows.put(words(name), spread(measurements, name, value));
                            }
                        });
        measurements
                .layers()
                .forEach(
                        (name, layers) ->
                                rows.put(
                                        words(name) + " by layer",
                                        layers.stream()
                                                .map(DiagnosticsTable::number)
                                                .collect(Collectors.joining("  "))));
        return sorted(rows);
    }

    /** Numbers by layer follow the number over all of them. */
    private static String sorted(Map<String, String> rows) {
        List<String> keys = new ArrayList<>(rows.keySet());
        keys.sort(null);
        Map<String, String> ordered = new LinkedHashMap<>();
        keys.forEach(key -> ordered.put(key, rows.get(key)));
        return Table.pairs(ordered);
    }

    private static String spread(Measurements measurements, String name, double value) {
        Double deviation = measurements.values().get(name + DEVIATION);
        return number(value) + (deviation == null ? "" : " +- " + number(deviation));
    }

    private static String words(String name) {
        return name.replace("_layers", "").replace('_', ' ');
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.4g", value);
    }
}
