package io.dfc.algorithms.method.strong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Precision;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Both forms of Strong-DFC, as the published command lines have them. */
class StrongMethodsTest {
    private static final double TINY = 1e-15;

    private static final MethodContext CONTEXT =
            new MethodContext(
                    Network.of(new Activation.Tanh(), 5, 6, 4, 3),
                    Loss.CROSS_ENTROPY,
                    8,
                    Precision.FULL,
                    Initialization.XAVIER_NORMAL,
                    1);

    private static RunConfiguration published(String method) {
        return RunConfigurations.load("strong/mnist/" + method, List.of());
    }

    private static LearningPlan single() {
        SinglePhaseSettings settings = published("strong-dfc").settings(SinglePhaseSettings.class);
        return new StrongDfc().plan(settings, CONTEXT);
    }

    @Test
    void oneNoisyLoopTeachesAllWeights() {
        LoopPhase loop = single().plan().loops().getFirst().phase();

        assertThat(loop.target()).isEqualTo(new OutputTarget.Strong(0.99));
        assertThat(loop.solver()).isInstanceOf(Solver.Euler.class);
        assertThat(loop.noise().orElseThrow().timeConstant()).hasValue(0.07);
        assertThat(loop.noise().orElseThrow().output()).isEqualTo(0.029713880264874388);
        assertThat(loop.plasticities()).hasSize(2);
        assertThat(loop.forwardPlasticities().getFirst().mode())
                .isEqualTo(ForwardPlasticity.Mode.CONTINUOUS);
        assertThat(loop.forwardPlasticities().getFirst().clipping())
                .isEqualTo(new Clipping.PerLayer(1));
        FeedbackPlasticity teacher = loop.feedbackPlasticity().orElseThrow();
        assertThat(teacher.highPass().orElseThrow()).isEqualTo(0.001 / 0.5, within(TINY));
        assertThat(teacher.noiseScale()).isEqualTo(FeedbackPlasticity.NoiseScale.OF_LAYER);
        assertThat(teacher.depthFactor()).isEqualTo(1 + 0.009268288409004458 / 0.07, within(TINY));
        assertThat(teacher.clipping()).isEqualTo(new Clipping.PerTensor(1));
    }

    @Test
    void pretrainingComparesTheOutputItselfAndKeepsTheFilterOfTheControlLoop() {
        LearningPlan learning = single();

        LoopPhase loop = learning.plan().loops().getLast().phase();

        assertThat(loop.target())
                .isEqualTo(new OutputTarget.Strong(0.99, OutputTarget.Strong.Comparison.OF_OUTPUT));
        assertThat(loop.forwardPlasticities()).isEmpty();
        assertThat(loop.dynamics().timeStep()).isEqualTo(0.0012167769308505587);
        assertThat(loop.feedbackPlasticity().orElseThrow().highPass().orElseThrow())
                .isEqualTo(0.001 / 0.5, within(TINY));
        assertThat(learning.pretrainingSweeps(10)).isEqualTo(1);
        assertThat(learning.before()).isEmpty();
    }

    @Test
    void twoPhasesPursueTheLabelInBothAndLearnForwardWithoutNoise() {
        TwoPhaseSettings settings = published("strong-dfc-2phase").settings(TwoPhaseSettings.class);

        LearningPlan learning = new StrongDfcTwoPhase().plan(settings, CONTEXT);

        LoopPhase control = learning.plan().loops().getFirst().phase();
        LoopPhase feedback = learning.plan().loops().get(1).phase();
        assertThat(control.noise()).isEmpty();
        assertThat(control.forwardPlasticities().getFirst().mode())
                .isEqualTo(ForwardPlasticity.Mode.LAST_STATE);
        assertThat(feedback.target()).isEqualTo(control.target());
        assertThat(feedback.noise().orElseThrow().isFiltered()).isFalse();
        assertThat(feedback.feedbackPlasticity().orElseThrow().highPass()).isEmpty();
        assertThat(learning.before()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "noise-time-constant, 0.001, at least the longest time step",
        "filter-time-constant, 0.001, at least the longest time step",
        "control.apical-time-constant, 0.3, instantaneous",
        "control.time-step, 0.5, unstable",
        "target.class-value, 1, (0",
        "noise.sigma, -1, above 0",
        "pretraining-noise.sigma, .nan, above 0",
        "feedback.optimizer, adagrad, adam",
        "control.time-points, 1, from 2"
    })
    void settingsOutOfRangeAreRefusedByTheirKey(String key, String value, String words) {
        List<Setting> settings = List.of(new Setting(key, value));

        assertThatThrownBy(() -> RunConfigurations.forRun("glyphs", "strong-dfc", settings))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith(key + ": ")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({
        "update, running, trajectory",
        "feedback-loop.time-step, 0.1, unstable",
        "extra-epochs, -1, from 0",
        "noise.sigma, 0.1, strong-dfc"
    })
    void settingsOfTwoPhasesToo(String key, String value, String words) {
        List<Setting> settings = List.of(new Setting(key, value));

        assertThatThrownBy(() -> RunConfigurations.forRun("glyphs", "strong-dfc-2phase", settings))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith(key + ": ")
                .hasMessageContaining(words);
    }
}
