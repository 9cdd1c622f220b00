package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.Stream;

/**
 * What no run can make sense of is refused before it starts, in a line that says what to change.
 */
class WrongUseTest {
    private static final DataSet CLASSES =
            DataSet.classification("d", new double[8], 4, new int[] {0, 1}, 2);
    private static final DataSet VECTORS =
            DataSet.regression("d", new double[8], 4, new double[140], 70);

    private static LearningPlan plan(DataSet data, String method, String settings) {
        List<Setting> all =
                settings.isBlank()
                        ? List.of()
                        : Stream.of(settings.strip().split(" ")).map(Setting::parse).toList();
        RunConfiguration configuration = RunConfigurations.forRun("csv:a.csv", method, all);
        return new RunAssembler(configuration, data).learning();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dfc-fixed | feedback.initialization=xavier | feedback.initialization: method dfc-fixed needs feedback weights"
                        + " that have learnt, and nothing trains these, which start as xavier; set it to weight-product, or use a"
                        + " method whose feedback weights learn, such as dfc",
                "dfc | feedback.pretraining-epochs=0 feedback.extra-epochs=0 feedback.epoch-before-forward=false | feedback.initialization: method dfc needs"
                        + " feedback weights that have learnt, and nothing trains these, which start as xavier-normal; set it to"
                        + " weight-product, or feedback.pretraining-epochs above 0",
                "dtp | feedback.learning-rate=0 | feedback.learning-rate: at 0 the feedback maps stay as they were drawn, and"
                        + " targets need maps that have learnt; set it above 0, or use method dfa",
                "dtp | network.hidden=[] | network.hidden: method dtp sends targets or controls to hidden layers, and there is"
                        + " none; name at least one size, or use method bp",
                "lcp-di | network.output-activation=tanh | network.output-activation: method lcp-di takes the loss at the"
                        + " voltages of the output, which \"tanh\" would change; use linear",
                "lcp-ebd | network.output-activation=sigmoid | network.output-activation: method lcp-ebd takes the loss at the"
                        + " voltages of the output, which \"sigmoid\" would change; use linear",
                "ddtp-rhl | network.output-activation=relu | network.output-activation: method ddtp-rhl takes the loss at the"
                        + " voltages of the output, which \"relu\" would change; use linear",
                "lcp-kp | control.time-step=1.5 | control.time-step: 1.5 is larger than the time constants, which are 1, so"
                        + " that every step of a voltage would overshoot its input; use at most 1",
                "gait-prop | network.hidden=[4,3] network.output-units=4 | network.hidden: method gait-prop inverts the layers"
                        + " above the first, so all layers are as wide as the output, 4 units, and layer 2 has 3; give all hidden"
                        + " layers one width and set network.output-units to it",
                "tp | network.hidden=[2] network.activations=[relu] network.output-activation=relu |"
                        + " network.output-activation: method tp inverts rate functions, and relu maps many voltages to one rate;"
                        + " use leakyrelu",
                "gait-prop | orthogonality.strength=0 orthogonality.start=false | orthogonality.start: with"
                        + " orthogonality.strength 0 nothing makes matrices orthogonal, whose inverses targets pass; set it to"
                        + " true, or the strength above 0",
                "bp | network.output-units=1 | network.output-units: 1 units cannot stand for the 2 classes of d; use at least"
                        + " 2",
            })
    void isRefusedBeforeTheRun(String method, String settings, String message) {
        assertThatThrownBy(() -> plan(CLASSES, method, settings))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mn | loss=auto | method: method mn solves a system as wide as the output for every sample, 70 units here; it"
                        + " takes at most 64, so use method bp or dfc with these data",
                "gait-prop | network.output-units=80 | network.output-units: units without a target go with classes, and d has"
                        + " vectors of 70 numbers; set it to null",
                "lcp-di | loss=cross-entropy network.output-activation=tanh | network.output-activation: method lcp-di takes"
                        + " the loss at the voltages of the output, which \"tanh\" would change; use linear",
            })
    void isRefusedForVectorsToo(String method, String settings, String message) {
        assertThatThrownBy(() -> plan(VECTORS, method, settings))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(message);
    }

    /** Square layers under units without a target: the plan stands, and float64 runs it. */
    @Test
    void gaitPropTakesSquareLayersUnderOutputsWithoutATarget() {
        LearningPlan learning =
                plan(CLASSES, "gait-prop", "network.hidden=[5,5] network.output-units=5");

        assertThat(learning.plan().network().outputs()).isEqualTo(5);
        assertThat(
                        Backends.discover()
                                .select(
                                        "reference",
                                        BackendOptions.defaults(),
                                        List.of(learning.plan()))
                                .backend())
                .isNotNull();
    }
}
