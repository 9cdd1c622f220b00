package io.dfc.bench.sweep;

import io.dfc.algorithms.store.EpochHistory;
import io.dfc.algorithms.store.RunSummary;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * How far the runs of a series have come, as their folders tell, whoever executes them.
 *
 * @param done runs that are over
 * @param failed runs that failed
 * @param running one line for each that goes on
 * @param waiting runs that wait
 * @param left time left; absent as long as no epoch has ended
 */
public record SeriesProgress(
        int done, int failed, List<String> running, int waiting, OptionalDouble left) {
    /** Copies the list. */
    public SeriesProgress {
        running = List.copyOf(running);
    }

    /**
     * Looks at the folders.
     *
     * @param runs the runs
     * @param jobs how many go on at once
     * @return how far they have come
     */
    public static SeriesProgress of(List<Series.Run> runs, int jobs) {
        int done = 0;
        int failed = 0;
        int waiting = 0;
        List<String> running = new ArrayList<>();
        double seconds = 0;
        int timed = 0;
        double epochsLeft = 0;
        for (Series.Run run : runs) {
            int epochs = run.configuration().epochs();
            switch (RunState.of(run)) {
                case RunState.Done(RunSummary summary) -> {
                    done++;
                    if (summary.secondsPerEpoch() != null) {
                        seconds += summary.secondsPerEpoch();
                        timed++;
                    }
                }
                case RunState.Failed _ -> failed++;
                case RunState.Waiting _ -> {
                    waiting++;
                    epochsLeft += epochs - EpochHistory.read(run.folder()).epochs();
                }
                case RunState.Running _ -> {
                    EpochHistory history = EpochHistory.read(run.folder());
                    epochsLeft += epochs - history.epochs();
                    if (history.epochs() > 0) {
                        seconds += history.meanSeconds();
                        timed++;
                    }
                    running.add(line(run, history, epochs));
                }
            }
        }
        OptionalDouble left =
                timed == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(seconds / timed * epochsLeft / jobs);
        return new SeriesProgress(done, failed, running, waiting, left);
    }

    private static String line(Series.Run run, EpochHistory history, int epochs) {
        return run.cell().name()
                + " seed "
                + run.configuration().seed()
                + " "
                + history.epochs()
                + "/"
                + epochs
                + history.lastValidation()
                        .map(v -> String.format(Locale.ROOT, ", validation %s", v))
                        .orElse("");
    }

    /** {@return one line that tells all} */
    public String text() {
        int all = done + failed + waiting + running.size();
        return done
                + " of "
                + all
                + " runs done"
                + (failed == 0 ? "" : ", " + failed + " failed")
                + (left.isEmpty() ? "" : ", about " + clock(left.getAsDouble()) + " left")
                + (running.isEmpty()
                        ? ""
                        : running.stream().collect(Collectors.joining("; ", "; now ", "")));
    }

    private static String clock(double seconds) {
        Duration d = Duration.ofSeconds(Math.round(seconds));
        return d.toHours() > 0
                ? d.toHours() + " h " + d.toMinutesPart() + " min"
                : d.toMinutes() > 0 ? d.toMinutes() + " min" : d.toSeconds() + " s";
    }
}
