package io.dfc.bench.report;

import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.MinibatchEvent;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Solver;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows a run while it goes on: on a terminal a bar for the current sweep with loss, error, rate
 * and time left, elsewhere a plain line now and then; and a line for every epoch.
 */
public final class ProgressDisplay implements TrainingListener, AutoCloseable {
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int REFRESH_MILLIS = 200;

    private final PrintWriter err;
    private final boolean terminal;
    private final String prefix;
    private @Nullable ProgressBar bar;
    private long sweepStart;
    private long lastPlain;
    private int epochs;
    private String convergenceTest = "";

    /**
     * A display.
     *
     * @param err where progress goes
     * @param terminal whether that is a terminal that can redraw a line
     * @param prefix begins each line
     */
    public ProgressDisplay(PrintWriter err, boolean terminal, String prefix) {
        this.err = err;
        this.terminal = terminal;
        this.prefix = prefix;
    }

    @Override
    public void started(TrainingSpec spec, Progress progress) {
        epochs = spec.epochs();
        convergenceTest =
                spec.learning()
                        .forwardLoop()
                        .map(LoopHandle::phase)
                        .map(ProgressDisplay::convergenceTest)
                        .orElse("");
        if (progress.sweeps() > 0) {
            println("continuing after epoch " + progress.epochs() + " of " + epochs);
        }
    }

    @Override
    public void minibatchDone(MinibatchEvent event) {
        if (event.minibatch() == 1) {
            beginSweep(event);
        }
        if (bar != null) {
            bar.setExtraMessage(" " + measures(event));
            bar.stepTo(event.minibatch());
            if (event.minibatch() == event.minibatches()) {
                close();
            }
        } else if (!terminal
                && System.nanoTime() - lastPlain > PLAIN_INTERVAL_NANOS
                && event.minibatch() < event.minibatches()) {
            lastPlain = System.nanoTime();
            double seconds = (lastPlain - sweepStart) / 1e9;
            double left = seconds / event.minibatch() * (event.minibatches() - event.minibatch());
            println(
                    String.format(
                            Locale.ROOT,
                            "%s, minibatch %d/%d, %s, %.0f samples/s, %s left in this pass",
                            title(event),
                            event.minibatch(),
                            event.minibatches(),
                            measures(event),
                            event.samples() / seconds,
                            clock(left)));
        }
    }

    private void beginSweep(MinibatchEvent event) {
        close();
        sweepStart = System.nanoTime();
        lastPlain = sweepStart;
        if (terminal) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(title(event))
                            .setInitialMax(event.minibatches())
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(REFRESH_MILLIS)
                            .showSpeed()
                            .clearDisplayOnFinish()
                            .build();
        }
    }

    private static String measures(MinibatchEvent event) {
        return measures(event.soFar().loss(), event.soFar().error());
    }

    private static String title(MinibatchEvent event) {
        String place = event.epoch() + "/" + event.epochs();
        return event.pretraining()
                ? event.sweep() + " " + place
                : "epoch " + place + " " + event.sweep();
    }

    @Override
    public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
        println("pre-training pass " + snapshot.progress().pretrainingSweeps() + " done");
    }

    @Override
    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
        StringBuilder line = new StringBuilder("epoch " + report.epoch() + "/" + epochs);
        line.append(": train ").append(measures(report.train().loss(), report.train().error()));
        append(line, "validation", report.validation());
        append(line, "test", report.test());
        var counts = report.convergence();
        if (counts.samples() > 0) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            ", %.1f %% converged",
                            100.0 * counts.converged() / counts.samples()));
            if (counts.diverged() > 0) {
                line.append(", ").append(counts.diverged()).append(" diverged");
            }
            if (counts.fallbackSamples() > 0) {
                line.append(", ").append(counts.fallbackSamples()).append(" simulated");
            }
        }
        line.append(String.format(Locale.ROOT, ", %.1f s", report.seconds()));
        println(line + (report.best() ? ", best so far" : ""));
        if (counts.samples() > 0 && !convergenceTest.isEmpty()) {
            println(convergenceTest);
            convergenceTest = "";
        }
    }

    /** What the word converged means, said where it first appears. */
    private static String convergenceTest(LoopPhase control) {
        if (control.solver() instanceof Solver.Linearized) {
            return "  (converged: the steady state is computed and not simulated, so that every sample counts as converged)";
        }
        double epsilon = control.convergence().epsilon();
        return String.format(
                Locale.ROOT,
                "  (converged: at the end of the simulation the controller rests, its input below %.0e of the output, with"
                        + " less than %.3g %% of the control error left; diverged: that input exceeds the output. In the"
                        + " first epochs few converge. %s)",
                Convergence.RATIO_CONVERGED,
                100 * epsilon * epsilon,
                control.convergence().includeAll()
                        ? "Gradients use all samples, converged or not"
                        : "Gradients use converged samples only");
    }

    private static void append(StringBuilder line, String name, Evaluation evaluation) {
        if (!Double.isNaN(evaluation.loss())) {
            line.append("; ")
                    .append(name)
                    .append(' ')
                    .append(measures(evaluation.loss(), evaluation.error()));
        }
    }

    @Override
    public void finished(TrainingResult result) {
        close();
    }

    /**
     * Loss and, for classification, error in percent; for regression the root of the loss, which is
     * in the unit of the targets.
     */
    public static String measures(double loss, double error) {
        String text = String.format(Locale.ROOT, "loss %.4g", loss);
        return Double.isNaN(error)
                ? text + String.format(Locale.ROOT, " (root %.4g)", Math.sqrt(loss))
                : text + String.format(Locale.ROOT, " error %.2f %%", 100 * error);
    }

    private static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 60 ? s + " s" : String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60);
    }

    /** Shows a line of its own. */
    public void note(String line) {
        println(line);
    }

    private void println(String line) {
        close();
        err.println(prefix + line);
        err.flush();
    }

    /** Removes the bar, if there is one. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
