package io.dfc.bench.report;

import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.Measure;
import io.dfc.bench.golden.compare.QuantitySummary;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The report of a check as a table. */
public final class CheckReportText {
    private static final int MAX_MISSES = 20;

    private CheckReportText() {}

    /**
     * Writes the report.
     *
     * @param report the report
     * @param strict whether files declined count against the backend
     * @param out where to
     */
    public static void write(CheckReport report, boolean strict, PrintWriter out) {
        List<QuantitySummary> quantities = report.quantities();
        if (!quantities.isEmpty()) {
            table(quantities, out);
        }
        misses(report.misses(), out);
        report.of(FileOutcome.Declined.class)
                .forEach(
                        d ->
                                out.println(
                                        "declined: " + Text.oneLine(d.file() + ": " + d.reason())));
        report.of(FileOutcome.Unreadable.class)
                .forEach(u -> out.println("unreadable: " + Text.oneLine(u.message())));
        report.of(FileOutcome.Failed.class)
                .forEach(f -> out.println("failed: " + Text.oneLine(f.file() + ": " + f.reason())));
        out.println(summary(report, strict));
    }

    private static void table(List<QuantitySummary> quantities, PrintWriter out) {
        int width = quantities.stream().mapToInt(q -> q.quantity().length()).max().orElse(0);
        String columns = "%-9s %-" + width + "s %6s %12s %10s  %s%n";
        out.printf(
                Locale.ROOT,
                columns,
                "kind",
                "quantity",
                "cases",
                "worst error",
                "tolerance",
                "worst in");
        for (QuantitySummary q : quantities) {
            out.printf(
                    Locale.ROOT,
                    columns,
                    q.kind().label(),
                    q.quantity(),
                    q.cases(),
                    Text.scientific(q.worst().error()),
                    Text.scientific(q.worst().tolerance()),
                    Text.oneLine(q.worstFile()) + (q.isMet() ? "" : "  MISS"));
        }
    }

    private static void misses(List<CheckReport.Miss> misses, PrintWriter out) {
        misses.stream()
                .limit(MAX_MISSES)
                .forEach(
                        miss -> {
                            var c = miss.comparison();
                            String error =
                                    c.measure() == Measure.EXACT
                                            ? Text.count((int) c.error(), "value")
                                                    + " wrong, must be exact"
                                            : c.measure().label()
                                                    + " error "
                                                    + Text.scientific(c.error())
                                                    + " exceeds "
                                                    + Text.scientific(c.tolerance());
                            out.println(
                                    "miss: "
                                            + Text.oneLine(miss.file() + ": expected." + c.path())
                                            + ": "
                                            + error);
                        });
        if (misses.size() > MAX_MISSES) {
            out.println("... and " + (misses.size() - MAX_MISSES) + " more (--json lists all)");
        }
    }

    private static String summary(CheckReport report, boolean strict) {
        return Text.count(report.of(FileOutcome.Checked.class).size(), "file")
                + " checked, "
                + Text.count(report.misses().size(), "miss")
                + "; "
                + report.of(FileOutcome.Declined.class).size()
                + " declined, "
                + report.of(FileOutcome.Unreadable.class).size()
                + " unreadable, "
                + report.of(FileOutcome.Failed.class).size()
                + " failed: "
                + (report.passed(strict) ? "passed" : "NOT PASSED");
    }
}
