package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.ShapeMismatchException;

import org.junit.jupiter.api.Test;

class TrainingSpecTest {
    private static final TrainingSpec DFC = SmallRun.dfc(1, 1);

    private static TrainingSpec bp() {
        return SmallRun.bp(
                1, SmallRun.adam(0.1), RateSchedule.CONSTANT, StopRules.divergenceOnly());
    }

    @Test
    void parametersThatAreNotThoseOfThePlanAreRefused() {
        LearningPlan learning = bp().learning();
        assertThatThrownBy(
                        () ->
                                new TrainingSpec(
                                        learning, DFC.initial(), 1, 1, StopRules.divergenceOnly()))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("parameters: the plan has no group \"Q\", only [W, b]");
    }

    @Test
    void sweepsAndEpochsHaveRanges() {
        Sweep sweep = DFC.learning().training();
        assertThatThrownBy(() -> sweep.repeated(-1))
                .hasMessage("a forward sweep runs at least 0 times, got -1");
        assertThatThrownBy(
                        () ->
                                new LearningPlan(
                                        DFC.plan(), DFC.learning().initial(), sweep.repeated(2)))
                .hasMessage("the training sweep runs once in an epoch, not 2 times");
        assertThat(DFC.learning().pretrainedBy(sweep.repeated(3)).pretrainingSweeps(4))
                .isEqualTo(5);
        assertThatThrownBy(() -> SmallRun.dfc(-1, 1))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage("epochs: must be at least 0, got -1");
    }

    @Test
    void aRunOnThePlanOfAnotherKeepsItsOwnParametersAndSeed() {
        TrainingSpec other = SmallRun.dfc(3, 2);

        TrainingSpec moved = other.on(DFC.learning());

        assertThat(moved.plan()).isSameAs(DFC.plan());
        assertThat(moved.initial()).isSameAs(other.initial());
        assertThat(moved.seed()).isEqualTo(2);
        assertThat(moved.epochs()).isEqualTo(3);
    }

    @Test
    void theLowerErrorIsBetterThenTheLowerLoss() {
        Evaluation good = new Evaluation(0.5, 0.1);
        assertThat(good.isBetterThan(new Evaluation(0.1, 0.2))).isTrue();
        assertThat(good.isBetterThan(new Evaluation(0.6, 0.1))).isTrue();
        assertThat(good.isBetterThan(good)).isFalse();
        assertThat(good.isBetterThan(Evaluation.NONE)).isTrue();
        assertThat(Evaluation.NONE.isBetterThan(good)).isFalse();
        assertThat(new Evaluation(1, Double.NaN).isBetterThan(new Evaluation(2, Double.NaN)))
                .isTrue();
    }
}
