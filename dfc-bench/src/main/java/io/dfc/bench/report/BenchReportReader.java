package io.dfc.bench.report;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.bench.json.JsonCursor;
import io.dfc.bench.json.JsonFile;
import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchRow;
import io.dfc.bench.measure.Size;
import io.dfc.bench.measure.Timing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Reads what {@link BenchReportJson} wrote. A file may come from anywhere: its size is bounded and
 * every value is checked. Keys that are not known are ignored, for a later version may add some.
 */
public final class BenchReportReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_TEXT = 500;
    private static final String OPTION = "--compare";

    private BenchReportReader() {}

    /**
     * Reads measurements.
     *
     * @param file a file that {@code dfc bench --json} wrote
     * @return the measurements, without what was not measured
     * @throws BadConfigurationException if it is no such file, for another may be named
     */
    public static BenchReport read(Path file) {
        try {
            return report(JsonFile.read(file.toString(), file, MAX_BYTES));
        } catch (BadDataException e) {
            throw new BadConfigurationException(OPTION, e.getMessage());
        }
    }

    private static BenchReport report(JsonCursor root) {
        List<BenchRow> rows = new ArrayList<>();
        for (JsonCursor item : root.get("workloads").items()) {
            BenchRow row = row(item);
            if (rows.stream().anyMatch(r -> r.matches(row))) {
                throw item.expected("each workload of a network once");
            }
            rows.add(row);
        }
        return new BenchReport(
                text(root, "version"),
                text(root, "cpu"),
                text(root, "backend"),
                integer(root, "threads", 1),
                measured(root, "peak_gflops"),
                rows,
                List.of(),
                List.of());
    }

    private static BenchRow row(JsonCursor row) {
        return new BenchRow(
                text(row, "backend"),
                text(row, "network"),
                text(row, "workload"),
                integer(row, "threads", 1),
                timing(row),
                new BenchRow.Rate(
                        row.get("gflops").positive(),
                        measured(row, "peak_fraction"),
                        positive(row, "nearby_peak_fraction")));
    }

    private static Timing timing(JsonCursor row) {
        return new Timing(
                new Size(integer(row, "batch", 1), integer(row, "steps", 0)),
                row.get("seconds_per_minibatch").positive(),
                row.optional("runs").map(r -> r.integer(1, Integer.MAX_VALUE)).orElse(1),
                integer(row, "simulated", 0),
                row.get("error_estimate").number());
    }

    /** A number that is null where the backend could not measure it; the key is there. */
    private static OptionalDouble measured(JsonCursor parent, String key) {
        return parent.keys().contains(key)
                ? positive(parent, key)
                : OptionalDouble.of(parent.get(key).positive());
    }

    private static OptionalDouble positive(JsonCursor parent, String key) {
        return parent.optional(key)
                .map(value -> OptionalDouble.of(value.positive()))
                .orElse(OptionalDouble.empty());
    }

    private static String text(JsonCursor parent, String key) {
        JsonCursor value = parent.get(key);
        String text = value.text();
        if (text.length() > MAX_TEXT) {
            throw value.expected("at most " + MAX_TEXT + " characters");
        }
        return Text.oneLine(text);
    }

    private static int integer(JsonCursor parent, String key, int min) {
        return parent.get(key).integer(min, Integer.MAX_VALUE);
    }
}
