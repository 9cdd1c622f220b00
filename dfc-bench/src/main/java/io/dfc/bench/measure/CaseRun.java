package io.dfc.bench.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Measures one case within its share of the time. */
final class CaseRun {
    private static final int REPETITIONS = 3;

    /** Within a long run the load of other programs averages out, so few runs will do. */
    private static final int LEAST_LONG_RUNS = 2;

    private static final int MOST_LONG_RUNS = 7;

    /** Part of the case's time that more than the fewest long runs may take. */
    private static final double LONG_RUNS_PART = 0.25;

    private static final int MAX_REPETITIONS = 10_000;
    private static final double MEASURED_SECONDS = 0.3;

    /** Compiling may take longer than a share, and only compiled code is measured. */
    private static final double WARM_UP_SECONDS = 2;

    private final Machine machine;
    private final BenchCase benchCase;
    private final SizePlan plan;
    private final double share;
    private final double end;
    private final double endOfAll;

    /**
     * A run that is still to begin.
     *
     * @param share seconds that it may take
     * @param left seconds that are left for it and all that follow
     */
    CaseRun(Machine machine, BenchCase benchCase, double share, double left) {
        this.machine = machine;
        this.benchCase = benchCase;
        this.share = share;
        end = machine.seconds() + share;
        endOfAll = machine.seconds() + left;
        plan =
                new SizePlan(
                        benchCase.declared(),
                        benchCase::operationsAtWorst,
                        benchCase.network().isHeadline() ? 1 : REPETITIONS);
    }

    /**
     * Measures the case, or finds that there is no time for it.
     *
     * @param rate operations per second, the best that any case has reached
     */
    Outcome run(double rate) {
        Optional<Size> first = plan.first(rate, share);
        if (first.isEmpty()) {
            Size least = plan.smallest();
            return skipped(least, benchCase.operationsAtWorst(least) / rate);
        }
        Size size = first.get();
        while (true) {
            try (Trial trial = machine.open(benchCase, size)) {
                double seconds = trial.run();
                Optional<Size> next = next(size, seconds);
                if (next.isEmpty() || next.get().equals(size)) {
                    // Code that is not compiled yet may be all that makes a larger size seem too
                    // slow.
                    seconds = WarmUp.run(machine, trial, seconds, WARM_UP_SECONDS);
                    next = next(size, seconds);
                }
                if (next.isEmpty()) {
                    Size least = plan.smallestMeasured();
                    return skipped(least, plan.predicted(least, size, seconds));
                }
                if (next.get().equals(size)) {
                    return measure(trial, size, seconds);
                }
                size = next.get();
            }
        }
    }

    private Optional<Size> next(Size size, double seconds) {
        return plan.next(size, seconds, left(), endOfAll - machine.seconds());
    }

    private double left() {
        return end - machine.seconds();
    }

    private Outcome measure(Trial trial, Size size, double warm) {
        double[] seconds = new double[MAX_REPETITIONS];
        int runs = 0;
        double spent = 0;
        boolean isLong = warm >= WarmUp.LONG_RUN;
        int fitting = (int) (LONG_RUNS_PART * share / warm);
        int wanted = isLong ? Math.clamp(fitting, LEAST_LONG_RUNS, MOST_LONG_RUNS) : REPETITIONS;
        if (isLong) {
            seconds[runs++] = warm;
            spent = warm;
        }
        while (runs == 0
                || runs < MAX_REPETITIONS
                        && (runs < wanted ? spent / runs <= left() : spent < MEASURED_SECONDS)) {
            seconds[runs] = trial.run();
            spent += seconds[runs++];
        }
        return new Outcome.Measured(
                new Timing(
                        size,
                        median(Arrays.copyOf(seconds, runs)),
                        runs,
                        trial.fallbackSamples(),
                        trial.errorEstimate()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int n = values.length;
        return (values[(n - 1) / 2] + values[n / 2]) / 2;
    }

    private Outcome skipped(Size size, double seconds) {
        return new Outcome.Skipped(
                String.format(
                        Locale.ROOT,
                        "%d %s%s may take %.1f s, more than its share of the time",
                        size.batch(),
                        size.batch() == 1 ? "sample" : "samples",
                        size.steps() == 0 ? "" : " and " + size.steps() + " steps",
                        seconds));
    }
}
