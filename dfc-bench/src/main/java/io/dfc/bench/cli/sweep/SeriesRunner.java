package io.dfc.bench.cli.sweep;

import io.dfc.bench.cli.train.RunWorker;
import io.dfc.bench.report.Terminal;
import io.dfc.bench.sweep.LocalExecutor;
import io.dfc.bench.sweep.Series;
import io.dfc.bench.sweep.SeriesFolder;
import io.dfc.bench.sweep.SeriesProgress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Executes the runs of a series, and says how far they have come. */
final class SeriesRunner {
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final Duration PLAIN = Duration.ofSeconds(30);

    private final PrintWriter err;
    private final SeriesOptions options;

    SeriesRunner(PrintWriter err, SeriesOptions options) {
        this.err = err;
        this.options = options;
    }

    /** Executes those that are not over. */
    void execute(List<Series.Run> runs) {
        if (options.retry()) {
            runs.forEach(SeriesFolder::forgetFailure);
        }
        int jobs = options.jobs();
        boolean redraws = Terminal.isInteractive();
        Duration interval = redraws ? REFRESH : PLAIN;
        say(runs, jobs, redraws);
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var _ =
                    clock.scheduleAtFixedRate(
                            () -> say(runs, jobs, redraws),
                            interval.toMillis(),
                            interval.toMillis(),
                            TimeUnit.MILLISECONDS);
            new LocalExecutor(jobs, RunWorker::work).execute(runs);
            clock.shutdownNow();
        }
        say(runs, jobs, redraws);
        if (redraws) {
            err.println();
            err.flush();
        }
    }

    private void say(List<Series.Run> runs, int jobs, boolean redraws) {
        String line = SeriesProgress.of(runs, jobs).text();
        if (redraws) {
            err.print("\r\u001b[K" + line);
        } else {
            err.println(line);
        }
        err.flush();
    }
}
