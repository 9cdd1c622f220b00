package io.dfc.bench.sweep;

import io.dfc.algorithms.store.EpochHistory;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.bench.sweep.PaperTable.Column;
import io.dfc.bench.sweep.PaperTable.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What was run, beside what a paper reports. */
public final class PaperComparison {
    private PaperComparison() {}

    /**
     * The rows of the comparison.
     *
     * @param table the table of the paper
     * @param chosen its entries that were run
     * @param runs their runs
     * @return head and rows, one for each entry
     */
    public static List<List<String>> rows(
            PaperTable table, List<Entry> chosen, List<Series.Run> runs) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "configuration",
                        "number",
                        "feedback",
                        "seeds",
                        "epochs",
                        "found",
                        "last epoch",
                        "published",
                        "off by",
                        "s/epoch"));
        List<CellResult> results = CellResult.of(runs);
        for (int i = 0; i < chosen.size(); i++) {
            Entry entry = chosen.get(i);
            CellResult result = results.get(i);
            Column column =
                    table.columns().stream()
                            .filter(c -> c.name().equals(entry.column()))
                            .findFirst()
                            .orElseThrow();
            List<Series.Run> own =
                    runs.stream().filter(r -> r.cell().equals(result.cell())).toList();
            rows.add(row(entry, column, result, own));
        }
        return rows;
    }

    private static List<String> row(
            Entry entry, Column column, CellResult result, List<Series.Run> own) {
        ToDoubleFunction<RunSummary> value =
                s -> column.scale() * column.measure().applyAsDouble(s);
        double mean = result.mean(value);
        return List.of(
                result.cell().name(),
                column.unit(),
                Estimators.of(own.getFirst().configuration()),
                result.done().size() + " of " + own.size(),
                epochs(own),
                spread(mean, result.deviation(value)),
                last(column, own),
                spread(entry.mean(), entry.deviation().orElse(Double.NaN)),
                off(mean, entry),
                number(result.mean(Measure.SECONDS_PER_EPOCH), "%.3g"));
    }

    /** Epochs that have ended, of those wanted; the fewest of the runs that began. */
    private static String epochs(List<Series.Run> runs) {
        int wanted = runs.getFirst().configuration().epochs();
        return runs.stream()
                        .mapToInt(r -> EpochHistory.read(r.folder()).epochs())
                        .filter(n -> n > 0)
                        .min()
                        .orElse(0)
                + " of "
                + wanted;
    }

    /** The mean of the same number after the last epoch of the runs that are over. */
    private static String last(Column column, List<Series.Run> runs) {
        OptionalDouble mean =
                runs.stream()
                        .filter(r -> RunState.of(r) instanceof RunState.Done)
                        .map(r -> EpochHistory.read(r.folder()).last(column.measure().key()))
                        .flatMapToDouble(OptionalDouble::stream)
                        .map(x -> column.scale() * x)
                        .average();
        return mean.isPresent() ? digits(mean.getAsDouble()) : "";
    }

    /** The difference in published deviations, where there is one. */
    private static String off(double mean, Entry entry) {
        if (Double.isNaN(mean)) {
            return "";
        }
        return entry.deviation()
                .map(d -> String.format(Locale.ROOT, "%+.1f sd", (mean - entry.mean()) / d))
                .orElseGet(() -> String.format(Locale.ROOT, "%+.2f", mean - entry.mean()));
    }

    private static String spread(double mean, double deviation) {
        return digits(mean) + (Double.isNaN(deviation) ? "" : " +- " + digits(deviation));
    }

    private static String digits(double value) {
        return number(value, Math.abs(value) < 1e-2 ? "%.3g" : "%.2f");
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }
}
