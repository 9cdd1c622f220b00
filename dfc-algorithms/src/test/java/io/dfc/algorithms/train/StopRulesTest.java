package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopRulesTest {
    private static final double LIMIT = StopRules.PUBLISHED_MAX_PARAMETER;

    private static TrainingResult run(double rate, StopRules stop) {
        return SmallRun.run(
                SmallRun.bp(8, SmallRun.adam(rate), RateSchedule.CONSTANT, stop), SmallRun.data());
    }

    @Test
    void aRunWithoutRulesDoesAllItsEpochs() {
        TrainingResult result = run(0.01, StopRules.divergenceOnly());

        assertThat(result.reason()).isEqualTo(TrainingResult.Reason.COMPLETE);
        assertThat(result.snapshot().progress().epochs()).isEqualTo(8);
    }

    /** Samples that are all the same give the same loss in every order, to the last bit. */
    @Test
    void patienceEndsWithAsManyEpochsWithoutALowerLoss() {
        DataSet same = DataSet.classification("same", new double[4 * 16], 4, new int[16], 3);
        TrainingSpec still =
                SmallRun.bp(
                        8,
                        new Optimization(new Optimizer.Sgd(0), 0),
                        RateSchedule.CONSTANT,
                        new StopRules(0, 0, 3, LIMIT));

        TrainingResult result = SmallRun.run(still, new DataSplits(same, same, same));

        Progress end = result.snapshot().progress();
        assertThat(result.reason()).isEqualTo(TrainingResult.Reason.NO_IMPROVEMENT);
        assertThat(end.lowestTrainLossEpoch()).isEqualTo(1);
        assertThat(end.epochs()).isEqualTo(4);
    }

    @Test
    void aRunThatGetsBetterIsNotCutShortByPatience() {
        assertThat(run(0.01, new StopRules(0, 0, 1, LIMIT)).reason())
                .isEqualTo(TrainingResult.Reason.COMPLETE);
    }

    @Test
    void lowAccuracyCountsAfterTheGivenEpochAlone() {
        TrainingResult result = run(1e-9, new StopRules(0.99, 2, 0, LIMIT));

        assertThat(result.reason()).isEqualTo(TrainingResult.Reason.LOW_ACCURACY);
        assertThat(result.snapshot().progress().epochs()).isEqualTo(3);
        assertThat(run(1e-9, new StopRules(0.01, 2, 0, LIMIT)).reason())
                .isEqualTo(TrainingResult.Reason.COMPLETE);
    }

    @Test
    void aRegressionHasNoAccuracyThatCouldBeLow() {
        double[] x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        DataSet line = DataSet.regression("line", x, 1, x, 1);
        TrainingSpec spec =
                SmallRun.bp(
                        Network.of(new Activation.Tanh(), 1, 3, 1),
                        Loss.MEAN_SQUARED_ERROR,
                        2,
                        SmallRun.adam(1e-9),
                        RateSchedule.CONSTANT,
                        new StopRules(1, 0, 0, LIMIT));

        assertThat(SmallRun.run(spec, new DataSplits(line, line, line)).reason())
                .isEqualTo(TrainingResult.Reason.COMPLETE);
    }

    /** A run that was stopped does not do another epoch when it is continued. */
    @Test
    void whatStoppedARunStopsItsContinuation() {
        StopRules stop = new StopRules(0.99, 2, 0, LIMIT);
        TrainingSpec spec = SmallRun.bp(8, SmallRun.adam(1e-9), RateSchedule.CONSTANT, stop);
        TrainingResult first = SmallRun.run(spec, SmallRun.data());

        TrainingResult again = SmallRun.resume(spec, SmallRun.data(), first.snapshot());

        assertThat(again.reason()).isEqualTo(TrainingResult.Reason.LOW_ACCURACY);
        assertThat(again.snapshot().progress().epochs()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "-0.1, 0, 0, 1, stop.min-train-accuracy",
        "1.1, 0, 0, 1, stop.min-train-accuracy",
        "NaN, 0, 0, 1, stop.min-train-accuracy",
        "0, -1, 0, 1, stop.after-epoch",
        "0, 0, -1, 1, stop.patience",
        "0, 0, 0, 0, stop.max-parameter",
        "0, 0, 0, NaN, stop.max-parameter"
    })
    void ranges(double accuracy, int after, int patience, double parameter, String key) {
        assertThatThrownBy(() -> new StopRules(accuracy, after, patience, parameter))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith(key + ": must ");
    }
}
