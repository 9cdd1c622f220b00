package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.InterleavedSteps;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.RateSchedule;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Settings of when feedback weights learn. */
class FeedbackSettingsTest {
    private static final DataSet CLASSES =
            DataSet.classification("classes", new double[10], 5, new int[] {0, 1}, 3);

    private static TrainingSpec spec(String method, String... settings) {
        List<Setting> all = Stream.of(settings).map(Setting::parse).toList();
        return new RunAssembler(RunConfigurations.forRun("csv:classes.csv", method, all), CLASSES)
                .assemble();
    }

    private static double rate(TrainingSpec spec, String optimizer) {
        return spec.plan().optimizers().stream()
                .filter(o -> o.name().equals(optimizer))
                .findFirst()
                .orElseThrow()
                .optimization()
                .learningRates()
                .getFirst();
    }

    private static TrainingSpec interleaved(String... more) {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "feedback.pretraining-epochs=0",
                                "feedback.pretraining-minibatches=430",
                                "feedback.epoch-before-forward=false",
                                "feedback.extra-epochs=0",
                                "feedback.every=16",
                                "feedback.learning-rate=0.25",
                                "feedback.pretraining-learning-rate=0.5"));
        settings.addAll(List.of(more));
        return spec("dfc", settings.toArray(String[]::new));
    }

    @Test
    void feedbackMayLearnOnEveryNthMinibatchAfterSomeMinibatchesOfPretraining() {
        TrainingSpec spec = interleaved();
        LearningPlan learning = spec.learning();
        assertThat(learning.pretraining())
                .hasToString("[feedback pre-training of 430 minibatches]");
        assertThat(learning.before()).hasToString("[feedback x 0]");
        assertThat(learning.after()).hasToString("[feedback x 0]");
        InterleavedSteps steps = learning.interleaved().orElseThrow();
        assertThat(steps.every()).isEqualTo(16);
        assertThat(steps.rates()).isEqualTo(RateSchedule.CONSTANT);
        assertThat(steps.steps()).containsExactly(spec.plan().steps().get(1));
        assertThat(steps.steps().getFirst().optimizer().name()).isEqualTo("feedback");
        assertThat(rate(spec, "feedback")).isEqualTo(0.25);
        assertThat(rate(spec, "feedback-pretraining")).isEqualTo(0.5);
        assertThat(
                        interleaved("feedback.schedule=linear", "forward.schedule=constant")
                                .learning()
                                .interleaved()
                                .orElseThrow()
                                .rates())
                .isEqualTo(RateSchedule.LINEAR);
        assertThat(spec("dfc").learning().interleaved()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dfc | feedback.pretraining-epochs=1 feedback.pretraining-minibatches=430 | feedback.pretraining-minibatches: takes the place of"
                        + " feedback.pretraining-epochs, which is 1; set one of them to 0",
                "dfc | feedback.every=16 feedback.epoch-before-forward=true | feedback.every: takes the place of whole sweeps in every epoch; set"
                        + " feedback.epoch-before-forward=false and feedback.extra-epochs=0 with it, or leave it at 0",
                "dfc | feedback.every=16 feedback.epoch-before-forward=false feedback.extra-epochs=2 | feedback.every:"
                        + " takes the place of whole sweeps in every epoch; set feedback.epoch-before-forward=false and"
                        + " feedback.extra-epochs=0 with it, or leave it at 0",
                "dfc | feedback.every=-1 | feedback.every: must be a whole number from 0 to 2147483647, got -1",
                "dfc | feedback.pretraining-minibatches=-1 | feedback.pretraining-minibatches: must be a whole number"
                        + " from 0 to 2147483647, got -1",
                "dfc | feedback.every=1.5 | feedback.every: must be a whole number from -2147483648 to 2147483647, got 1.5",
                "dfc | feedback.every=0 feedback.schedule=linear | feedback.schedule: linear goes with feedback.every, which is 0; whole"
                        + " sweeps have a constant rate",
                "dfc | feedback.schedule=cosine | feedback.schedule: unknown value \"cosine\"; allowed: constant, linear",
                "dfc-fixed | feedback.every=16 feedback.epoch-before-forward=false feedback.extra-epochs=0"
                        + " | feedback.every: is for feedback weights that learn, and those of method dfc-fixed never do;"
                        + " set it to 0",
                "dfc-ssa-fixed | feedback.pretraining-minibatches=4 feedback.pretraining-epochs=0"
                        + " | feedback.pretraining-minibatches: is for feedback weights that learn, and those of method"
                        + " dfc-ssa-fixed never do; set it to 0"
            })
    void feedbackSchedulesThatContradictThemselvesAreRefused(
            String method, String settings, String message) {
        assertThatThrownBy(() -> spec(method, settings.split(" ")))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(message);
    }
}
