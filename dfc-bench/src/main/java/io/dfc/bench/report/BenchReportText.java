package io.dfc.bench.report;

import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchRow;
import io.dfc.bench.measure.Timing;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** Measurements as text: a table per network. */
public final class BenchReportText {
    private static final double MILLI = 1e-3;
    private static final double MICRO = 1e-6;
    private static final double PERCENT = 100;
    private static final int USUAL_RUNS = 3;
    private static final String NONE = "-";

    private BenchReportText() {}

    /**
     * Writes measurements.
     *
     * @param report the measurements
     * @param out where they go
     */
    public static void write(BenchReport report, PrintWriter out) {
        out.println(head(report));
        for (String network : networks(Stream.of(report))) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(
                    List.of(
                            network,
                            "batch",
                            "steps",
                            "time",
                            "GFLOP/s",
                            "% of peak",
                            "% nearby",
                            "note"));
            report.rows().stream()
                    .filter(r -> r.network().equals(network))
                    .forEach(r -> rows.add(line(r)));
            unmeasured(report.declined(), network, "declined").forEach(rows::add);
            unmeasured(report.skipped(), network, "skipped").forEach(rows::add);
            table(rows, out);
        }
    }

    private static Stream<List<String>> unmeasured(
            List<BenchReport.Unmeasured> workloads, String network, String why) {
        return workloads.stream()
                .filter(w -> w.network().equals(network))
                .map(
                        w ->
                                List.of(
                                        w.workload(),
                                        NONE,
                                        NONE,
                                        NONE,
                                        NONE,
                                        NONE,
                                        NONE,
                                        Text.oneLine(why + ": " + w.reason())));
    }

    /**
     * Writes two sets of measurements next to each other.
     *
     * @param before the earlier ones
     * @param now the later ones
     * @param out where they go
     */
    public static void writeComparison(BenchReport before, BenchReport now, PrintWriter out) {
        out.println("before: " + head(before));
        out.println("now:    " + head(now));
        for (String network : networks(Stream.of(before, now))) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(
                    List.of(
                            network,
                            "before",
                            "now",
                            "now/before",
                            "GFLOP/s before",
                            "now",
                            "note"));
            for (BenchRow b : before.rows()) {
                if (b.network().equals(network)) {
                    rows.add(comparison(b.workload(), Optional.of(b), now.rowLike(b)));
                }
            }
            for (BenchRow n : now.rows()) {
                if (n.network().equals(network) && before.rowLike(n).isEmpty()) {
                    rows.add(comparison(n.workload(), Optional.empty(), Optional.of(n)));
                }
            }
            table(rows, out);
        }
    }

    private static String head(BenchReport r) {
        return Text.oneLine(
                String.format(
                        Locale.ROOT,
                        "backend %s on %s, %s, peak %s",
                        r.backend(),
                        r.device(),
                        Text.count(r.threads(), "thread"),
                        r.peakGflops().isPresent()
                                ? String.format(
                                        Locale.ROOT, "%.1f GFLOP/s", r.peakGflops().getAsDouble())
                                : "not measured"));
    }

    private static Set<String> networks(Stream<BenchReport> reports) {
        Set<String> names = new LinkedHashSet<>();
        reports.forEach(
                r -> {
                    r.rows().forEach(row -> names.add(row.network()));
                    Stream.of(r.declined(), r.skipped())
                            .flatMap(List::stream)
                            .forEach(w -> names.add(w.network()));
                });
        return names;
    }

    private static void table(List<List<String>> rows, PrintWriter out) {
        out.println();
        out.print(Table.rows(rows));
    }

    private static List<String> line(BenchRow r) {
        return List.of(
                r.workload(),
                Integer.toString(r.timing().size().batch()),
                r.timing().size().steps() == 0 ? NONE : Integer.toString(r.timing().size().steps()),
                time(r.timing().seconds()),
                gflops(r.rate().gflops()),
                percent(r.rate().peakFraction()),
                percent(r.rate().nearbyPeakFraction()),
                note(r.timing()));
    }

    private static String percent(OptionalDouble fraction) {
        return fraction.isPresent()
                ? String.format(Locale.ROOT, "%.1f", PERCENT * fraction.getAsDouble())
                : NONE;
    }

    private static String note(Timing timing) {
        List<String> notes = new ArrayList<>();
        if (timing.fallbackSamples() > 0) {
            notes.add(
                    timing.fallbackSamples() == timing.size().batch()
                            ? "simulated"
                            : timing.fallbackSamples()
                                    + " of "
                                    + timing.size().batch()
                                    + " samples simulated");
        } else if (timing.errorEstimate() > 0) {
            notes.add("estimated error " + Text.scientific(timing.errorEstimate()));
        }
        if (timing.runs() < USUAL_RUNS) {
            notes.add(Text.count(timing.runs(), "run"));
        }
        return String.join(", ", notes);
    }

    private static List<String> comparison(
            String workload, Optional<BenchRow> before, Optional<BenchRow> now) {
        return List.of(
                workload,
                before.map(r -> time(r.timing().seconds())).orElse(NONE),
                now.map(r -> time(r.timing().seconds())).orElse(NONE),
                before.flatMap(b -> now.map(n -> ratio(b, n))).orElse(NONE),
                before.map(r -> gflops(r.rate().gflops())).orElse(NONE),
                now.map(r -> gflops(r.rate().gflops())).orElse(NONE),
                before.flatMap(b -> now.map(n -> difference(b, n))).orElse(""));
    }

    /**
     * Time now over time before; where the sizes differ, time for the same number of operations.
     */
    private static String ratio(BenchRow before, BenchRow now) {
        double ratio =
                sameSize(before, now)
                        ? now.timing().seconds() / before.timing().seconds()
                        : before.rate().gflops() / now.rate().gflops();
        return String.format(Locale.ROOT, "%.3g", ratio);
    }

    private static String difference(BenchRow before, BenchRow now) {
        List<String> notes = new ArrayList<>();
        if (!sameSize(before, now)) {
            notes.add(
                    "batch x steps "
                            + size(before)
                            + ", now "
                            + size(now)
                            + ": ratio per operation");
        }
        if (before.timing().fallbackSamples() > 0 != now.timing().fallbackSamples() > 0) {
            notes.add(now.timing().fallbackSamples() > 0 ? "now simulated" : "no longer simulated");
        }
        return String.join("; ", notes);
    }

    private static boolean sameSize(BenchRow a, BenchRow b) {
        return a.timing().size().equals(b.timing().size());
    }

    private static String size(BenchRow r) {
        return r.timing().size().batch() + "x" + r.timing().size().steps();
    }

    /** A time with its unit, to three digits. */
    private static String time(double seconds) {
        if (seconds >= 1) {
            return threeDigits(seconds) + " s";
        }
        return seconds >= MILLI
                ? threeDigits(seconds / MILLI) + " ms"
                : threeDigits(seconds / MICRO) + " us";
    }

    private static String gflops(double gflops) {
        return threeDigits(gflops);
    }

    private static String threeDigits(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
