package io.dfc.bench.sweep;

import io.dfc.algorithms.store.RunSummary;

import org.apache.commons.statistics.inference.TTest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What came of the runs of a cell that are over.
 *
 * @param cell the cell
 * @param done summaries of those runs, in the order of their seeds
 * @param failed why others failed
 * @param open number of runs that have not ended
 */
public record CellResult(Cell cell, List<RunSummary> done, List<String> failed, int open) {
    /** Copies the lists. */
    public CellResult {
        done = List.copyOf(done);
        failed = List.copyOf(failed);
    }

    /**
     * Collects what the folders of a series tell.
     *
     * @param runs its runs
     * @return a result for each cell, in their order
     */
    public static List<CellResult> of(List<Series.Run> runs) {
        List<CellResult> results = new ArrayList<>();
        for (Cell cell : runs.stream().map(Series.Run::cell).distinct().toList()) {
            List<RunSummary> done = new ArrayList<>();
            List<String> failed = new ArrayList<>();
            int open = 0;
            for (Series.Run run : runs) {
                if (!run.cell().equals(cell)) {
                    continue;
                }
                switch (RunState.of(run)) {
                    case RunState.Done(RunSummary summary) -> done.add(summary);
                    case RunState.Failed(String why) -> failed.add(why);
                    case RunState.Running _, RunState.Waiting _ -> open++;
                }
            }
            results.add(new CellResult(cell, done, failed, open));
        }
        return results;
    }

    /** {@return whether its runs are judged by errors; by losses otherwise} */
    public boolean classifies() {
        return !Double.isNaN(mean(Measure.TEST_ERROR));
    }

    /**
     * {@return the mean over seeds, NaN where a run lacks the number}
     *
     * @param value the number
     */
    public double mean(ToDoubleFunction<RunSummary> value) {
        return values(value).average().orElse(Double.NaN);
    }

    /**
     * {@return the sample standard deviation over seeds, NaN for fewer than two}
     *
     * @param value the number
     */
    public double deviation(ToDoubleFunction<RunSummary> value) {
        double[] x = values(value).toArray();
        double mean = mean(value);
        return x.length < 2
                ? Double.NaN
                : Math.sqrt(
                        DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum()
                                / (x.length - 1));
    }

    /**
     * A paired t-test over the seeds that two cells share.
     *
     * @param other another cell
     * @param value the number that is compared
     * @return probability of so large a mean difference by chance; absent for fewer than two shared
     *     seeds, or where all differences are equal
     */
    public OptionalDouble pairedP(CellResult other, ToDoubleFunction<RunSummary> value) {
        List<double[]> pairs = new ArrayList<>();
        for (RunSummary mine : done) {
            for (RunSummary theirs : other.done) {
                double a = value.applyAsDouble(mine);
                double b = value.applyAsDouble(theirs);
                if (mine.seed() == theirs.seed() && !Double.isNaN(a - b)) {
                    pairs.add(new double[] {a, b});
                }
            }
        }
        if (pairs.stream().mapToDouble(p -> p[0] - p[1]).distinct().count() < 2) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                TTest.withDefaults()
                        .pairedTest(
                                pairs.stream().mapToDouble(p -> p[0]).toArray(),
                                pairs.stream().mapToDouble(p -> p[1]).toArray())
                        .getPValue());
    }

    private DoubleStream values(ToDoubleFunction<RunSummary> value) {
        double[] all = done.stream().mapToDouble(value).toArray();
        return DoubleStream.of(all).anyMatch(Double::isNaN)
                ? DoubleStream.empty()
                : DoubleStream.of(all);
    }
}
