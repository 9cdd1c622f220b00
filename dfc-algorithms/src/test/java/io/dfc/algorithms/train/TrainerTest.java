package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class TrainerTest {
    private static final StopRules NEVER = StopRules.divergenceOnly();

    /** Keeps every state from which a run could go on, and what happened. */
    private static final class RecordedEvents implements TrainingListener {
        final List<TrainingSnapshot> snapshots = new ArrayList<>();
        final List<EpochReport> epochs = new ArrayList<>();
        final List<MinibatchEvent> minibatches = new ArrayList<>();
        final List<String> order = new ArrayList<>();

        @Override
        public void started(TrainingSpec spec, Progress progress) {
            order.add("started");
        }

        @Override
        public void minibatchDone(MinibatchEvent event) {
            minibatches.add(event);
            if (event.minibatch() == 1) {
                order.add(event.sweep() + " " + event.epoch());
            }
        }

        @Override
        public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
            snapshots.add(snapshot);
        }

        @Override
        public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
            snapshots.add(snapshot);
            epochs.add(report);
            order.add("done " + report.epoch());
        }

        @Override
        public void finished(TrainingResult result) {
            order.add("finished");
        }
    }

    @Test
    void aRunThatGoesOnFromAnyOfItsStatesEndsWithTheSameBits() {
        RecordedEvents recorded = new RecordedEvents();
        TrainingSpec spec = SmallRun.dfc(3, 5);
        TrainingResult whole = SmallRun.run(spec, SmallRun.data(), recorded);

        assertThat(recorded.snapshots).hasSize(2 + 3);
        for (TrainingSnapshot from : recorded.snapshots) {
            assertThat(SmallRun.resume(spec, SmallRun.data(), from)).isEqualTo(whole);
        }
    }

    @Test
    void theSeedDecidesShufflesAndNoise() {
        TrainingResult one = SmallRun.run(SmallRun.dfc(1, 5), SmallRun.data());

        assertThat(SmallRun.run(SmallRun.dfc(1, 5), SmallRun.data())).isEqualTo(one);
        assertThat(SmallRun.run(SmallRun.dfc(1, 6), SmallRun.data()).snapshot().state())
                .isNotEqualTo(one.snapshot().state());
    }

    @Test
    void sweepsFollowTheScheduleAndListenersAreToldInOrder() {
        RecordedEvents recorded = new RecordedEvents();
        SmallRun.run(SmallRun.dfc(2, 5), SmallRun.data(), recorded);

        assertThat(recorded.order)
                .containsExactly(
                        "started",
                        "pre-training 1",
                        "pre-training 2",
                        "feedback 1",
                        "forward 1",
                        "feedback 1",
                        "done 1",
                        "feedback 2",
                        "forward 2",
                        "feedback 2",
                        "done 2",
                        "finished");
        Progress last = recorded.snapshots.getLast().progress();
        assertThat(last.sweeps()).isEqualTo(8);
        assertThat(last.minibatches()).isEqualTo(8 * 4);
    }

    @Test
    void everySampleIsLearntOnceInASweepTheLastMinibatchBeingSmaller() {
        RecordedEvents recorded = new RecordedEvents();
        SmallRun.run(
                SmallRun.bp(1, SmallRun.adam(0.01), RateSchedule.CONSTANT, NEVER),
                SmallRun.data(),
                recorded);

        assertThat(recorded.minibatches)
                .extracting(MinibatchEvent::samples)
                .containsExactly(8L, 16L, 24L, 30L);
        assertThat(recorded.minibatches).extracting(MinibatchEvent::minibatches).containsOnly(4);
    }

    @Test
    void learningLowersTheLoss() {
        RecordedEvents recorded = new RecordedEvents();
        SmallRun.run(
                SmallRun.bp(20, SmallRun.adam(0.05), RateSchedule.CONSTANT, NEVER),
                SmallRun.data(),
                recorded);

        assertThat(recorded.epochs.getLast().train().loss())
                .isLessThan(0.5 * recorded.epochs.getFirst().train().loss());
    }

    @Test
    void theBestEpochIsThatOfTheValidationSet() {
        RecordedEvents recorded = new RecordedEvents();
        TrainingResult result =
                SmallRun.run(
                        SmallRun.bp(12, SmallRun.adam(0.3), RateSchedule.CONSTANT, NEVER),
                        SmallRun.data(),
                        recorded);

        EpochReport best = recorded.epochs.getFirst();
        for (EpochReport epoch : recorded.epochs) {
            assertThat(epoch.best())
                    .isEqualTo(
                            epoch.equals(best)
                                    || epoch.validation().isBetterThan(best.validation()));
            best = epoch.best() ? epoch : best;
        }
        assertThat(recorded.epochs).as("not all are best").anyMatch(e -> !e.best());
        Progress end = result.snapshot().progress();
        assertThat(end.bestEpoch()).isEqualTo(best.epoch());
        assertThat(end.bestTest()).isEqualTo(best.test());
        assertThat(result.snapshot().best())
                .isEqualTo(recorded.snapshots.get(best.epoch() - 1).state().parameters());
    }

    @Test
    void withoutAValidationSetAndWithFallingRatesTheLastEpochCounts() {
        RecordedEvents without = new RecordedEvents();
        SmallRun.run(
                SmallRun.bp(4, SmallRun.adam(0.3), RateSchedule.CONSTANT, NEVER),
                SmallRun.withoutValidation(),
                without);
        RecordedEvents falling = new RecordedEvents();
        SmallRun.run(
                SmallRun.bp(4, SmallRun.adam(0.3), RateSchedule.LINEAR, NEVER),
                SmallRun.data(),
                falling);

        assertThat(without.epochs).extracting(EpochReport::best).containsOnly(true);
        assertThat(without.epochs.getLast().validation().loss()).isNaN();
        assertThat(falling.epochs).extracting(EpochReport::best).containsOnly(true);
    }

    @Test
    void fallingRatesMakeSmallerSteps() {
        Optimization plain = new Optimization(new Optimizer.Sgd(0), 0.1);
        RecordedEvents constant = new RecordedEvents();
        RecordedEvents falling = new RecordedEvents();
        SmallRun.run(
                SmallRun.bp(2, plain, RateSchedule.CONSTANT, NEVER), SmallRun.data(), constant);
        SmallRun.run(SmallRun.bp(2, plain, RateSchedule.LINEAR, NEVER), SmallRun.data(), falling);

        assertThat(moved(falling, 1)).isLessThan(0.6 * moved(constant, 1));
    }

    /** How far the weights of the output went in an epoch. */
    private static double moved(RecordedEvents recorded, int epoch) {
        Tensor before = outputWeights(recorded, epoch - 1);
        Tensor after = outputWeights(recorded, epoch);
        return IntStream.range(0, after.size())
                .mapToDouble(n -> Math.abs(after.get(n) - before.get(n)))
                .sum();
    }

    private static Tensor outputWeights(RecordedEvents recorded, int epoch) {
        return recorded.snapshots.get(epoch).state().parameters().weights().getLast();
    }

    @Test
    void dataThatDoNotFitTheNetworkAreRefusedWithBothSizes() {
        Network other = Network.of(new Activation.Tanh(), 5, 6, 3);
        TrainingSpec spec =
                SmallRun.bp(
                        other,
                        Loss.CROSS_ENTROPY,
                        1,
                        SmallRun.adam(0.1),
                        RateSchedule.CONSTANT,
                        NEVER);
        assertThatThrownBy(() -> new Trainer(spec, SmallRun.data(), List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage("network: has 5 inputs and 3 outputs, but largest has 4 and 3");

        DataSplits data = SmallRun.data();
        DataSplits empty = new DataSplits(data.train().limit(0), data.validation(), data.test());
        TrainingSpec fitting = SmallRun.dfc(1, 1);
        assertThatThrownBy(() -> new Trainer(fitting, empty, List.of()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("the training set of largest is empty");
    }

    @ParameterizedTest
    @EnumSource(RateSchedule.class)
    void aRunThatLeavesTheRangeOfNumbersSaysWhereAndWhatToDo(RateSchedule rates) {
        TrainingSpec spec =
                SmallRun.bp(9, new Optimization(new Optimizer.Sgd(0), 1e200), rates, NEVER);

        DivergenceException error =
                catchThrowableOfType(
                        DivergenceException.class, () -> SmallRun.run(spec, SmallRun.data()));

        assertThat(error.epoch()).isEqualTo(1);
        assertThat(error.minibatch()).isEqualTo(1);
        assertThat(error)
                .hasMessageStartingWith(
                        "diverged in epoch 1, minibatch 1: a parameter of layer 1 is ")
                .hasMessageEndingWith("beyond 1000.0; try a lower forward.learning-rate");
    }

    @Test
    void aStopBeforeTheFirstEpochIsSaidToBeOfPretraining() {
        TrainingSpec dfc = SmallRun.dfc(1, 1);
        TrainingSpec strict =
                new TrainingSpec(dfc.learning(), dfc.initial(), 1, 1, new StopRules(0, 0, 0, 1e-3));

        DivergenceException error =
                catchThrowableOfType(
                        DivergenceException.class, () -> SmallRun.run(strict, SmallRun.data()));

        assertThat(error.epoch()).isZero();
        assertThat(error).hasMessageContaining("a smaller target.step-size");
    }
}
