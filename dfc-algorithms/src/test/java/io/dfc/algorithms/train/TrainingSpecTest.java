package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Parameters;

import org.junit.jupiter.api.Test;

class TrainingSpecTest {
    private static final TrainingSpec DFC = SmallRun.dfc(1, 1);

    private static TrainingSpec with(
            LearningPlan learning, Parameters initial, FeedbackSchedule feedback) {
        return new TrainingSpec(
                learning,
                initial,
                RateSchedule.CONSTANT,
                feedback,
                1,
                1,
                StopRules.divergenceOnly());
    }

    private static TrainingSpec bp() {
        return SmallRun.bp(
                1, SmallRun.adam(0.1), RateSchedule.CONSTANT, StopRules.divergenceOnly());
    }

    @Test
    void aStepOfAnotherPlanIsRefused() {
        assertThatThrownBy(() -> new LearningPlan(DFC.plan(), bp().learning().forward()))
                .hasMessage("step backward[0] by forward is not one of the plan");
    }

    @Test
    void parametersThatAreNotThoseOfThePlanAreRefused() {
        assertThatThrownBy(() -> with(bp().learning(), DFC.initial(), FeedbackSchedule.never()))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("parameters: the plan has no group \"Q\", only [W, b]");
    }

    @Test
    void aScheduleThatThePlanCannotFollowIsRefused() {
        TrainingSpec bp = bp();
        assertThatThrownBy(
                        () -> with(bp.learning(), bp.initial(), new FeedbackSchedule(0, true, 0)))
                .hasMessage(
                        "the plan has no step for a feedback sweep, but the schedule asks for one");
        assertThatThrownBy(
                        () -> with(bp.learning(), bp.initial(), new FeedbackSchedule(1, false, 0)))
                .hasMessageContaining("no step for a feedback pre-training sweep");
    }

    @Test
    void scheduleAndEpochsHaveRanges() {
        assertThatThrownBy(() -> new FeedbackSchedule(-1, true, 0))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("feedback.pretraining-epochs: must be at least 0");
        assertThatThrownBy(() -> new FeedbackSchedule(0, true, -1))
                .hasMessageStartingWith("feedback.extra-epochs: must be at least 0");
        assertThat(new FeedbackSchedule(3, true, 2).sweepsPerEpoch()).isEqualTo(3);
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
