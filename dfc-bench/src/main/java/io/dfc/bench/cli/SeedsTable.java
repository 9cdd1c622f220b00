package io.dfc.bench.cli;

import io.dfc.algorithms.store.RunSummary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What several runs that differ by their seeds come to. */
final class SeedsTable {
    private static final int PERCENT = 100;

    private SeedsTable() {}

    static String of(List<RunSummary> runs) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("seeds", seeds(runs.stream().map(RunSummary::seed).toList()));
        put(rows, "validation error", runs, RunSummary::valError, PERCENT, "%.2f %%");
        put(rows, "test error", runs, RunSummary::testError, PERCENT, "%.2f %%");
        put(rows, "test loss", runs, RunSummary::testLoss, 1, "%.4g");
        put(rows, "time", runs, RunSummary::secondsTotal, 1, "%.1f s");
        return Table.pairs(rows);
    }

    /** Their number, and the first and the last, or all if some in between are missing. */
    static String seeds(List<Long> seeds) {
        boolean inRow = seeds.getLast() - seeds.getFirst() == seeds.size() - 1;
        return seeds.size()
                + " ("
                + (inRow
                        ? seeds.getFirst() + " to " + seeds.getLast()
                        : seeds.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                + ")";
    }

    private static void put(
            Map<String, String> rows,
            String name,
            List<RunSummary> runs,
            Function<RunSummary, Double> value,
            double scale,
            String format) {
        double[] x =
                runs.stream()
                        .map(value)
                        .filter(Objects::nonNull)
                        .mapToDouble(v -> scale * v)
                        .toArray();
        if (x.length == runs.size()) {
            rows.put(name, describe(x, format));
        }
    }

    /** Mean, sample standard deviation and range. */
    static String describe(double[] x, String format) {
        double mean = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            mean += v / x.length;
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        double squares = 0;
        for (double v : x) {
            squares += (v - mean) * (v - mean);
        }
        String middle = String.format(Locale.ROOT, format, mean);
        if (x.length == 1) {
            return middle;
        }
        return middle
                + " +- "
                + String.format(Locale.ROOT, format, Math.sqrt(squares / (x.length - 1)))
                + ", from "
                + String.format(Locale.ROOT, format, min)
                + " to "
                + String.format(Locale.ROOT, format, max);
    }
}
