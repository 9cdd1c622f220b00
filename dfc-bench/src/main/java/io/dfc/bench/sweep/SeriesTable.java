package io.dfc.bench.sweep;

import io.dfc.algorithms.store.RunSummary;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The table of a series: means and spreads over seeds, the best cell by validation first. */
public final class SeriesTable {
    private static final int PERCENT = 100;

    private SeriesTable() {}

    /**
     * The rows of the table.
     *
     * @param results what came of the cells
     * @return head and rows; the best cell comes first, and each other one is compared with it seed
     *     by seed
     */
    public static List<List<String>> rows(List<CellResult> results) {
        List<CellResult> sorted = new ArrayList<>(results);
        sorted.sort(Comparator.comparingDouble(SeriesTable::merit));
        Optional<CellResult> best =
                Optional.of(sorted.getFirst()).filter(r -> !Double.isNaN(validation(r)));
        boolean classifies =
                results.stream().filter(r -> !r.done().isEmpty()).allMatch(CellResult::classifies);
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "cell",
                        "runs",
                        classifies ? "validation error %" : "validation loss",
                        classifies ? "test error %" : "test loss",
                        "against the best",
                        "s/epoch",
                        "note"));
        for (CellResult r : sorted) {
            rows.add(row(r, best, classifies));
        }
        return rows;
    }

    private static List<String> row(CellResult r, Optional<CellResult> best, boolean classifies) {
        ToDoubleFunction<RunSummary> validation =
                classifies ? percent(Measure.VALIDATION_ERROR) : Measure.VALIDATION_LOSS;
        ToDoubleFunction<RunSummary> test =
                classifies ? percent(Measure.TEST_ERROR) : Measure.TEST_LOSS;
        String format = classifies ? "%.2f" : "%.4g";
        return List.of(
                r.cell().name(),
                r.done().size() + " of " + (r.done().size() + r.failed().size() + r.open()),
                spread(r, validation, format),
                spread(r, test, format),
                best.filter(b -> !b.equals(r)).map(b -> compared(r, b, test, format)).orElse(""),
                number(r.mean(Measure.SECONDS_PER_EPOCH), "%.3g"),
                r.failed().isEmpty() ? "" : r.failed().getFirst());
    }

    /** Mean difference of the test results, and how likely it is by chance. */
    private static String compared(
            CellResult r, CellResult best, ToDoubleFunction<RunSummary> test, String format) {
        double difference = r.mean(test) - best.mean(test);
        if (Double.isNaN(difference)) {
            return "";
        }
        OptionalDouble p = r.pairedP(best, test);
        return (difference < 0 ? "" : "+")
                + String.format(Locale.ROOT, format, difference)
                + (p.isPresent() ? String.format(Locale.ROOT, " (p %.2g)", p.getAsDouble()) : "");
    }

    /** Cells without a result come last. */
    private static double merit(CellResult r) {
        double validation = validation(r);
        return Double.isNaN(validation) ? Double.POSITIVE_INFINITY : validation;
    }

    private static double validation(CellResult r) {
        double error = r.mean(Measure.VALIDATION_ERROR);
        return Double.isNaN(error) ? r.mean(Measure.VALIDATION_LOSS) : error;
    }

    private static ToDoubleFunction<RunSummary> percent(ToDoubleFunction<RunSummary> share) {
        return s -> PERCENT * share.applyAsDouble(s);
    }

    private static String spread(CellResult r, ToDoubleFunction<RunSummary> value, String format) {
        double mean = r.mean(value);
        double deviation = r.deviation(value);
        return number(mean, format)
                + (Double.isNaN(deviation) ? "" : " +- " + number(deviation, format));
    }

    private static String number(double value, String format) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }
}
