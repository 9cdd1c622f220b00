package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.spi.Plan;

import org.junit.jupiter.api.Test;

class TrainingSpecTest {
    private static final TrainingSpec DFC = SmallRun.dfc(1, 1);

    private static TrainingSpec with(Plan plan, Teaching teaching, FeedbackSchedule feedback) {
        return new TrainingSpec(
                plan,
                DFC.initial(),
                teaching,
                RateSchedule.CONSTANT,
                feedback,
                1,
                1,
                StopRules.divergenceOnly());
    }

    @Test
    void aPlanWithoutThePhaseThatTeachesIsRefused() {
        assertThatThrownBy(() -> with(DFC.plan(), Teaching.BACKWARD, FeedbackSchedule.never()))
                .hasMessage("the plan has no phase for teaching BACKWARD");
    }

    @Test
    void aScheduleThatThePlanCannotFollowIsRefused() {
        TrainingSpec bp =
                SmallRun.bp(
                        1, SmallRun.adam(0.1), RateSchedule.CONSTANT, StopRules.divergenceOnly());
        assertThatThrownBy(
                        () -> with(bp.plan(), Teaching.BACKWARD, new FeedbackSchedule(0, true, 0)))
                .hasMessage("the plan has no feedback phase, but the schedule asks for one");
    }

    @Test
    void scheduleAndEpochsHaveRanges() {
        assertThatThrownBy(() -> new FeedbackSchedule(-1, true, 0))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("feedback.pretraining-epochs: must be at least 0");
        assertThatThrownBy(() -> new FeedbackSchedule(0, true, -1))
                .hasMessageStartingWith("feedback.extra-epochs: must be at least 0");
        assertThat(new FeedbackSchedule(3, true, 2).passesPerEpoch()).isEqualTo(3);
        assertThatThrownBy(() -> SmallRun.dfc(-1, 1))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage("epochs: must be at least 0, got -1");
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
