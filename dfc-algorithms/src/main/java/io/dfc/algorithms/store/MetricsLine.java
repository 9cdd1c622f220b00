package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.train.ConvergenceCounts;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Evaluation;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A line of {@code metrics.jsonl}: an epoch.
 *
 * @param epoch epoch, counted from 1
 * @param train loss and error on the training set
 * @param validation loss and error on the validation set
 * @param test loss and error on the test set
 * @param best whether it is the best epoch so far
 * @param convergence how its loops converged; absent for methods without loops
 * @param feedbackMinibatches minibatches on which feedback weights learnt beside the training
 *     sweep; absent where there are none
 * @param seconds wall-clock seconds
 * @param device what ran it
 * @param diagnostics what was measured of its updates; absent where nothing was
 */
@JsonPropertyOrder({
    "epoch",
    "train",
    "validation",
    "test",
    "best",
    "convergence",
    "feedback_minibatches",
    "seconds",
    "device",
    "diagnostics"
})
record MetricsLine(
        int epoch,
        @JsonUnwrapped(prefix = "train_") Measures train,
        @JsonUnwrapped(prefix = "val_") Measures validation,
        @JsonUnwrapped(prefix = "test_") Measures test,
        boolean best,
        @JsonUnwrapped @Nullable Convergence convergence,
        @JsonProperty("feedback_minibatches") @JsonInclude(JsonInclude.Include.NON_NULL)
                @Nullable Integer feedbackMinibatches,
        double seconds,
        @JsonUnwrapped RunDevice device,
        @JsonInclude(JsonInclude.Include.NON_NULL)
                @Nullable List<Map<String, Object>> diagnostics) {
    static MetricsLine of(EpochReport report, RunDevice device, List<Measurements> measured) {
        return new MetricsLine(
                report.epoch(),
                Measures.of(report.train()),
                Measures.of(report.validation()),
                Measures.of(report.test()),
                report.best(),
                Convergence.of(report.convergence()),
                report.feedbackMinibatches() == 0 ? null : report.feedbackMinibatches(),
                report.seconds(),
                device,
                DiagnosticsJson.of(measured));
    }

    /**
     * Loss and error; null where there is none.
     *
     * @param loss mean loss
     * @param error share of samples classified wrongly
     */
    record Measures(@Nullable Double loss, @Nullable Double error) {
        private static Measures of(Evaluation evaluation) {
            return new Measures(finite(evaluation.loss()), finite(evaluation.error()));
        }

        private static @Nullable Double finite(double value) {
            return Double.isFinite(value) ? value : null;
        }
    }

    /**
     * Numbers of samples of the loops.
     *
     * @param converged samples that converged
     * @param diverged samples that diverged
     * @param undecided samples that did neither
     * @param simulated samples that were simulated as a fallback
     */
    record Convergence(long converged, long diverged, long undecided, long simulated) {
        private static @Nullable Convergence of(ConvergenceCounts counts) {
            return counts.samples() == 0
                    ? null
                    : new Convergence(
                            counts.converged(),
                            counts.diverged(),
                            counts.undecided(),
                            counts.fallbackSamples());
        }
    }
}
