package io.dfc.bench.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The measurements so far, written by the thread that measures and read by the one that waits. */
final class BenchLog {
    private static final double GIGA = 1e9;

    private final List<BenchCase> cases;
    private final Outcome[] outcomes;

    /** The highest peak so far; 0 if none was measured. */
    private double peak;

    /** Per case, the peak around its measurement; 0 if that was not measured. */
    private final double[] nearbyPeaks;

    /** A log of cases none of which was run. */
    BenchLog(List<BenchCase> cases) {
        this.cases = cases;
        outcomes = new Outcome[cases.size()];
        nearbyPeaks = new double[cases.size()];
        Arrays.fill(outcomes, new Outcome.Skipped("the time was over before it was measured"));
    }

    /** Notes a peak. The highest counts: other work on the machine can only lower it. */
    synchronized void peak(double operationsPerSecond) {
        peak = Math.max(peak, operationsPerSecond);
    }

    /** Notes what the peak was while a case was measured. */
    synchronized void nearbyPeak(int number, double operationsPerSecond) {
        nearbyPeaks[number] = operationsPerSecond;
    }

    synchronized void outcome(int number, Outcome outcome) {
        outcomes[number] = outcome;
    }

    /** All measurements so far. */
    synchronized BenchReport report(Machine machine, String version) {
        List<BenchRow> rows = new ArrayList<>();
        List<BenchReport.Unmeasured> declined = new ArrayList<>();
        List<BenchReport.Unmeasured> skipped = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            switch (outcomes[i]) {
                case Outcome.Measured(Timing timing) -> rows.add(row(machine, i, timing));
                case Outcome.Declined(String reason) ->
                        declined.add(unmeasured(cases.get(i), reason));
                case Outcome.Skipped(String reason) ->
                        skipped.add(unmeasured(cases.get(i), reason));
            }
        }
        return new BenchReport(
                version,
                machine.device(),
                machine.backend(),
                machine.threads(),
                peak > 0 ? OptionalDouble.of(peak / GIGA) : OptionalDouble.empty(),
                rows,
                declined,
                skipped);
    }

    private BenchRow row(Machine machine, int number, Timing timing) {
        BenchCase c = cases.get(number);
        double nearby = nearbyPeaks[number];
        double rate = c.operations(timing.size()) / timing.seconds();
        return new BenchRow(
                machine.backend(),
                c.label(),
                c.workload().label(),
                machine.threads(),
                timing,
                new BenchRow.Rate(
                        rate / GIGA,
                        peak > 0 ? OptionalDouble.of(rate / peak) : OptionalDouble.empty(),
                        nearby > 0 ? OptionalDouble.of(rate / nearby) : OptionalDouble.empty()));
    }

    private static BenchReport.Unmeasured unmeasured(BenchCase c, String reason) {
        return new BenchReport.Unmeasured(c.label(), c.workload().label(), reason);
    }
}
