package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.run.DivergenceAdvice;
import io.dfc.algorithms.train.ConvergenceCounts;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.spi.EngineState;
import io.dfc.bench.report.ProgressDisplay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** Warns once when most samples of an epoch diverge, and tells at the end whether any converged. */
final class DivergenceWatch implements TrainingListener {
    private static final Collector<CharSequence, ?, String> OR = Collectors.joining(", or ");

    private final DivergenceAdvice advice;
    private final ProgressDisplay display;
    private EngineState last;
    private long converged;
    private boolean warned;

    /**
     * A watch.
     *
     * @param start state at the start
     */
    DivergenceWatch(DivergenceAdvice advice, ProgressDisplay display, TrainingSnapshot start) {
        this.advice = advice;
        this.display = display;
        last = start.state();
    }

    @Override
    public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
        last = snapshot.state();
    }

    @Override
    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
        last = snapshot.state();
        ConvergenceCounts counts = report.convergence();
        converged += counts.converged();
        if (!warned && 2 * counts.diverged() > counts.samples()) {
            warned = true;
            display.note(
                    "warning: "
                            + counts.diverged()
                            + " of "
                            + counts.samples()
                            + " samples diverged in epoch "
                            + report.epoch()
                            + ": the controller drives the output away from its target, and what is learnt from that is"
                            + " of little use; try "
                            + remedy());
        }
    }

    /** {@return what to change, found with the last good state, for the end of a message} */
    String remedy() {
        DivergenceAdvice.Advice found = advice.advise(last);
        String rates = found.rates().stream().map(DivergenceWatch::option).collect(OR);
        if (found.helpful().isEmpty() && found.helpless().isEmpty()) {
            return rates;
        }
        String helpful =
                found.helpful().stream()
                        .map(
                                settings ->
                                        settings.stream()
                                                .map(DivergenceWatch::option)
                                                .collect(Collectors.joining(" ")))
                        .collect(OR);
        List<String> parts = new ArrayList<>();
        if (!helpful.isEmpty()) {
            parts.add(helpful);
        }
        if (!rates.isEmpty()) {
            parts.add("if the feedback weights have grown too fast, " + rates);
        }
        if (!found.helpless().isEmpty()) {
            parts.add("of no help alone: " + String.join(", ", found.helpless()));
        }
        return String.join("; ", parts);
    }

    private static String option(Setting setting) {
        return "--set " + setting.key() + "=" + setting.value();
    }

    /**
     * {@return what is wrong with a run that ended, if most samples diverged and none converged}
     */
    Optional<String> failure() {
        return warned && converged == 0
                ? Optional.of(
                        "no sample converged and most diverged, so the network has learnt nothing of worth; change the"
                                + " settings that the warning names")
                : Optional.empty();
    }
}
