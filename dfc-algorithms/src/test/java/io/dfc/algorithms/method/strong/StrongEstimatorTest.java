package io.dfc.algorithms.method.strong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Feedback weights of Strong-DFC that learn from the mean over the noise, where there is one. */
class StrongEstimatorTest {
    private static final int BATCH = 16;
    private static final int DRAWS = 200;
    private static final Backend BACKEND =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();

    private static LearningPlan plan(String method, Activation activation, String... settings) {
        RunConfiguration c =
                RunConfigurations.forRun(
                        "glyphs", method, Stream.of(settings).map(Setting::parse).toList());
        MethodContext context =
                new MethodContext(
                        Network.of(activation, 5, 6, 4, 3),
                        Loss.CROSS_ENTROPY,
                        BATCH,
                        Precision.FULL,
                        Initialization.XAVIER_NORMAL,
                        1);
        return method.equals("strong-dfc")
                ? new StrongDfc().plan(c.settings(SinglePhaseSettings.class), context)
                : new StrongDfcTwoPhase().plan(c.settings(TwoPhaseSettings.class), context);
    }

    private static LoopHandle loop(LearningPlan plan, String name) {
        return plan.plan().loops().stream()
                .filter(loop -> loop.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Minibatch minibatch() {
        SplittableRandom random = new SplittableRandom(4);
        double[] inputs = random.doubles(5L * BATCH, -1.5, 1.5).toArray();
        return new Minibatch(
                Tensor.wrap(inputs, BATCH, 5),
                new Targets.Labels(random.ints(BATCH, 0, 3).toArray()));
    }

    private static Engine engine(LearningPlan plan) {
        Engine engine = BACKEND.compile(plan.plan());
        engine.load(new EngineState(plan.initial().get()));
        engine.forward(minibatch());
        return engine;
    }

    private static double[] gradient(Engine engine, LoopHandle loop, Noise noise) {
        return engine.run(loop, noise).unclippedFeedback().stream()
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }

    /**
     * 200 gradients of 16 samples, drawn: each entry's mean lies within 5.3 standard errors of the
     * expected one. Of 39 entries all do with a probability above 0.99999 if it is their mean. With
     * tanh the noise is that of the published single phase or of DFC; that of the published two
     * phases, a hundred times as much, leaves the linear regime of all but linear networks.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "strong-dfc | pretraining | tanh | pretraining-target=own-output",
                "strong-dfc | pretraining | linear | pretraining-target=own-output",
                "strong-dfc-2phase | feedback | linear | feedback-target=own-output pretraining-target=own-output",
                "strong-dfc-2phase | pretraining | tanh | feedback-target=own-output pretraining-target=own-output"
                        + " feedback-noise.sigma=0.0015 feedback-noise.sigma-output=0.003"
            })
    void theExpectedGradientIsTheMeanOfThoseThatTheMethodSamples(
            String method, String name, String activation, String settings) {
        Activation of = activation.equals("tanh") ? new Activation.Tanh() : new Activation.Linear();
        LearningPlan sampled = plan(method, of, settings.split(" "));
        LearningPlan mean =
                plan(method, of, (settings + " feedback.estimator=expected").split(" "));
        try (Engine drawn = engine(sampled);
                Engine exact = engine(mean)) {
            double[] expected = gradient(exact, loop(mean, name), Noise.none());
            double[] sum = new double[expected.length];
            double[] squares = new double[expected.length];
            for (int m = 0; m < DRAWS; m++) {
                double[] one = gradient(drawn, loop(sampled, name), new Noise.Generated(3, m));
                for (int at = 0; at < one.length; at++) {
                    sum[at] += one[at];
                    squares[at] += one[at] * one[at];
                }
            }
            double surest = 0;
            for (int at = 0; at < expected.length; at++) {
                double average = sum[at] / DRAWS;
                double error = Math.sqrt((squares[at] / DRAWS - average * average) / (DRAWS - 1));
                assertThat(Math.abs(average - expected[at])).isLessThan(5.3 * error);
                surest = Math.max(surest, Math.abs(average) / error);
            }
            // Else zero would pass as well.
            assertThat(surest).isGreaterThan(10);
        }
    }

    @Test
    void theLoopThatForwardWeightsLearnFromDrawsItsNoise() {
        LearningPlan plan =
                plan(
                        "strong-dfc",
                        new Activation.Tanh(),
                        "pretraining-target=own-output",
                        "feedback.estimator=expected");

        assertThat(loop(plan, "control").phase().feedbackPlasticity().orElseThrow().estimator())
                .isEqualTo(FeedbackPlasticity.Estimator.SAMPLED);
        assertThat(loop(plan, "pretraining").phase().feedbackPlasticity().orElseThrow().estimator())
                .isEqualTo(FeedbackPlasticity.Estimator.EXPECTED);
        assertThat(loop(plan, "pretraining").phase().target())
                .isEqualTo(new OutputTarget.OwnOutput());
    }

    @ParameterizedTest
    @CsvSource({
        "strong-dfc, feedback.estimator=expected, pretraining-target=own-output",
        "strong-dfc-2phase, feedback.estimator=expected, feedback-target=own-output",
        "strong-dfc-2phase, feedback.estimator=expected feedback-target=own-output,"
                + " pretraining-target=own-output"
    })
    void aLoopThatPursuesTheLabelIsSampled(String method, String settings, String remedy) {
        assertThatThrownBy(() -> plan(method, new Activation.Tanh(), settings.split(" ")))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(
                        "feedback.estimator: expected is the mean of a loop that stays near the feedforward pass, which"
                                + " one that pursues the label leaves; set "
                                + remedy
                                + " with it, or sample it");
    }

    @ParameterizedTest
    @CsvSource({
        "strong-dfc, pretraining-target=mine, label",
        "strong-dfc-2phase, feedback-target=mine, own-output",
        "strong-dfc, feedback.estimator=mean, expected",
        "strong-dfc, feedback-target=own-output, strong-dfc-2phase"
    })
    void otherValuesAreRefused(String method, String setting, String words) {
        assertThatThrownBy(() -> plan(method, new Activation.Tanh(), setting))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(words);
    }
}
