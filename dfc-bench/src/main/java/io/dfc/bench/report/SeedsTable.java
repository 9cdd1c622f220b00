package io.dfc.bench.report;

import io.dfc.algorithms.store.RunSummary;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Mean and spread of several runs that differ by their seeds. */
public final class SeedsTable {
    private static final int PERCENT = 100;
    private static final List<String> MEASURES =
            List.of("val_error", "val_loss", "test_error", "test_loss", "seconds_total");

    private SeedsTable() {}

    public static String of(List<RunSummary> runs) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("seeds", seeds(runs.stream().map(RunSummary::seed).toList()));
        put(rows, "validation error", runs, RunSummary::valError, PERCENT, "%.2f %%");
        put(rows, "test error", runs, RunSummary::testError, PERCENT, "%.2f %%");
        put(rows, "test loss", runs, RunSummary::testLoss, 1, "%.4g");
        put(rows, "time", runs, RunSummary::secondsTotal, 1, "%.1f s");
        return Table.pairs(rows);
    }

    /**
     * The same as one line of JSON: the summary of each run under {@code runs}, means and sample
     * standard deviations of what all of them have under {@code mean} and {@code deviation}.
     */
    public static String json(List<RunSummary> runs) {
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode node = mapper.createObjectNode();
        ArrayNode list = node.putArray("runs");
        runs.forEach(run -> list.add(mapper.<JsonNode>valueToTree(run)));
        ObjectNode means = node.putObject("mean");
        ObjectNode deviations = node.putObject("deviation");
        for (String key : MEASURES) {
            double[] x =
                    StreamSupport.stream(list.spliterator(), false)
                            .map(run -> run.path(key))
                            .filter(JsonNode::isNumber)
                            .mapToDouble(JsonNode::doubleValue)
                            .toArray();
            if (x.length == runs.size()) {
                means.put(key, mean(x));
            }
            if (x.length == runs.size() && x.length > 1) {
                deviations.put(key, deviation(x));
            }
        }
        return node + System.lineSeparator();
    }

    /** Their number, and the first and the last, or all if some in between are missing. */
    public static String seeds(List<Long> seeds) {
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
            Function<RunSummary, @Nullable Double> value,
            double scale,
            String format) {
        double[] x =
                runs.stream()
                        .flatMap(run -> Optional.ofNullable(value.apply(run)).stream())
                        .mapToDouble(v -> scale * v)
                        .toArray();
        if (x.length == runs.size()) {
            rows.put(name, describe(x, format));
        }
    }

    /** Mean, sample standard deviation and range. */
    public static String describe(double[] x, String format) {
        double mean = mean(x);
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double v : x) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        String middle = String.format(Locale.ROOT, format, mean);
        if (x.length == 1) {
            return middle;
        }
        return middle
                + " +- "
                + String.format(Locale.ROOT, format, deviation(x))
                + ", from "
                + String.format(Locale.ROOT, format, min)
                + " to "
                + String.format(Locale.ROOT, format, max);
    }

    private static double mean(double[] x) {
        double mean = 0;
        for (double v : x) {
            mean += v / x.length;
        }
        return mean;
    }

    private static double deviation(double[] x) {
        double mean = mean(x);
        double squares = 0;
        for (double v : x) {
            squares += (v - mean) * (v - mean);
        }
        return Math.sqrt(squares / (x.length - 1));
    }
}
