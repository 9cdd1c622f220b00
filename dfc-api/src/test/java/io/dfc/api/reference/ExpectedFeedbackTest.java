package io.dfc.api.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.learn.FeedbackPlasticity.NoiseScale;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.NoisyLoopCovariance;
import io.dfc.api.testkit.scenario.LoopSwitches;
import io.dfc.api.testkit.scenario.Matrices;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Feedback learning in expectation: against the recursion of the covariance of the whole linearised
 * loop, and against the mean of many sampled gradients.
 */
class ExpectedFeedbackTest {
    private static final Backend BACKEND =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();
    private static final int SAMPLES = 2;
    private static final ProportionalIntegralController CONTROLLER =
            new ProportionalIntegralController(0.4, 0.1, Leak.TOTAL);

    static List<LoopSwitches> everySwitch() {
        return LoopSwitches.all();
    }

    @ParameterizedTest
    @MethodSource("everySwitch")
    void equalsTheCovarianceOfTheLinearisedLoop(LoopSwitches switches) {
        LoopSetting tanh = new LoopSetting(new Activation.Tanh(), new OutputTarget.OwnOutput());
        tanh.assertExpected(switches, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("everySwitch")
    void aMovingTargetAddsTheCorrelationOfTheMeans(LoopSwitches switches) {
        OutputTarget nudge = new OutputTarget.Nudge(0.5, OutputTarget.Nudge.Gradient.OF_SAMPLE);
        new LoopSetting(new Activation.Tanh(), nudge).assertExpected(switches, 1e-10);
    }

    /** Some samples and a network whose loops are compared. */
    private static final class LoopSetting {
        final Network network;
        final Parameters parameters;
        final Minibatch minibatch;
        final OutputTarget target;

        LoopSetting(Activation activation, OutputTarget target) {
            this(activation, target, SAMPLES);
        }

        LoopSetting(Activation activation, OutputTarget target, int samples) {
            this.target = target;
            network =
                    new Network(
                            3,
                            List.of(
                                    new Layer(5, activation),
                                    new Layer(4, activation),
                                    new Layer(3, new Activation.Linear())),
                            true);
            parameters =
                    ParameterInitializer.draw(
                            network,
                            Initialization.XAVIER_NORMAL,
                            new FeedbackInitialization.Random(Initialization.XAVIER_NORMAL),
                            5);
            SplittableRandom random = new SplittableRandom(8);
            minibatch =
                    new Minibatch(
                            normal(random, samples, 3),
                            new Targets.Values(normal(random, samples, 3)));
        }

        private static Tensor normal(SplittableRandom random, int rows, int columns) {
            double[] values = new double[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextGaussian();
            }
            return Tensor.wrap(values, rows, columns);
        }

        Plan plan(LoopSwitches switches, Estimator estimator) {
            Plan.Builder builder =
                    Plan.builder(network, Loss.MEAN_SQUARED_ERROR, minibatch.samples());
            builder.loop(
                    "feedback",
                    new LoopPhase(
                                    builder.feedbackWeights(),
                                    target,
                                    switches.controller(),
                                    switches.dynamics())
                            .withNoise(switches.noise())
                            .withPlasticities(
                                    new FeedbackPlasticity(
                                                    switches.highPass(),
                                                    NoiseScale.OF_LAYER,
                                                    1.5,
                                                    Optional.empty(),
                                                    new Clipping.None())
                                            .withEstimator(estimator)));
            return builder.build();
        }

        void assertExpected(LoopSwitches switches, double tolerance) {
            Plan plan = plan(switches, Estimator.EXPECTED);
            LoopHandle loop = plan.loops().getFirst();
            try (Engine engine = BACKEND.compile(plan)) {
                engine.load(new EngineState(parameters));
                double[][][] sums = sums(engine, loop);
                List<Tensor> found = engine.run(loop, Noise.none()).unclippedFeedback();
                FeedbackPlasticity plasticity = loop.phase().feedbackPlasticity().orElseThrow();
                for (int i = 0; i < network.depth(); i++) {
                    double factor =
                            plasticity.scale(switches.noise(), i, network.depth())
                                    / (switches.dynamics().steps() * minibatch.samples());
                    double[] expected = flat(sums[i], factor);
                    double[] difference = Matrices.minus(found.get(i).toDoubles(), expected);
                    assertThat(Matrices.norm(difference))
                            .as("layer " + i)
                            .isLessThanOrEqualTo(tolerance * Matrices.norm(expected));
                    assertThat(Matrices.norm(expected)).isPositive();
                }
            }
        }

        private double[][][] sums(Engine engine, LoopHandle loop) {
            var forward = engine.forward(minibatch);
            double[][][] sums = new double[network.depth()][][];
            for (int s = 0; s < minibatch.samples(); s++) {
                double[][] slopes = new double[network.depth()][];
                for (int i = 0; i < slopes.length; i++) {
                    slopes[i] = row(forward.voltage(i), s);
                    for (int n = 0; n < slopes[i].length; n++) {
                        slopes[i][n] = network.activation(i).derivative(slopes[i][n]);
                    }
                }
                double[] output = row(forward.rate(network.depth() - 1), s);
                double[] distance =
                        Matrices.minus(
                                target instanceof OutputTarget.OwnOutput
                                        ? output
                                        : row(forward.outputTarget(loop), s),
                                output);
                double[][][] one =
                        new NoisyLoopCovariance(network, parameters, loop.phase(), slopes, distance)
                                .correlation();
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = s == 0 ? one[i] : Matrices.plus(sums[i], one[i]);
                }
            }
            return sums;
        }

        private static double[] row(Tensor tensor, int sample) {
            return Matrices.of(tensor)[sample];
        }

        private static double[] flat(double[][] rows, double factor) {
            double[] all = new double[rows.length * rows[0].length];
            for (int at = 0; at < all.length; at++) {
                all[at] = factor * rows[at / rows[0].length][at % rows[0].length];
            }
            return all;
        }
    }

    /**
     * 300 gradients of 40 samples, drawn: each entry's mean lies within 5.3 standard errors of the
     * expected one. Of 36 entries all do with a probability above 0.99999 if it is their mean.
     */
    @Test
    void isTheMeanOfSampledGradients() {
        LoopSetting setting =
                new LoopSetting(new Activation.Tanh(), new OutputTarget.OwnOutput(), 40);
        LoopSwitches switches =
                new LoopSwitches(
                        "published",
                        CONTROLLER,
                        new Dynamics(0.05, 24, 0.3),
                        new ApicalNoise(0.0015, 0.0015),
                        OptionalDouble.empty());
        int draws = 300;
        try (Engine drawn = BACKEND.compile(setting.plan(switches, Estimator.SAMPLED));
                Engine exact = BACKEND.compile(setting.plan(switches, Estimator.EXPECTED))) {
            for (Engine engine : List.of(drawn, exact)) {
                engine.load(new EngineState(setting.parameters));
                engine.forward(setting.minibatch);
            }
            double[] expected = gradient(exact, Noise.none());
            double[] sum = new double[expected.length];
            double[] squares = new double[expected.length];
            for (int m = 0; m < draws; m++) {
                double[] one = gradient(drawn, new Noise.Generated(3, m));
                for (int at = 0; at < one.length; at++) {
                    sum[at] += one[at];
                    squares[at] += one[at] * one[at];
                }
            }
            double surest = 0;
            for (int at = 0; at < expected.length; at++) {
                double mean = sum[at] / draws;
                double deviation = Math.sqrt((squares[at] / draws - mean * mean) / (draws - 1));
                assertThat(Math.abs(mean - expected[at])).isLessThan(5.3 * deviation);
                surest = Math.max(surest, Math.abs(mean) / deviation);
            }
            // Else zero would pass as well.
            assertThat(surest).isGreaterThan(50);
        }
    }

    private static double[] gradient(Engine engine, Noise noise) {
        LoopResult result = engine.run(engine.plan().loops().getFirst(), noise);
        return result.unclippedFeedback().stream()
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }

    private static LoopSwitches published() {
        return everySwitch().getFirst();
    }

    @Test
    void needsNoNoiseAndIsTheSameBitsWhateverIsRecorded() {
        LoopSetting setting = new LoopSetting(new Activation.Tanh(), new OutputTarget.OwnOutput());
        Plan plan = setting.plan(published(), Estimator.EXPECTED);
        try (Engine engine = BACKEND.compile(plan)) {
            engine.load(new EngineState(setting.parameters));
            engine.forward(setting.minibatch);
            double[] silent = gradient(engine, Noise.none());
            assertThat(gradient(engine, new Noise.Generated(1, 2))).isEqualTo(silent);
            LoopHandle loop = plan.loops().getFirst();
            LoopResult recorded =
                    engine.run(
                            loop,
                            new Noise.Generated(1, 2),
                            new Recording(Set.of(Variable.CONTROL), List.of(3), true));
            assertThat(recorded.unclippedFeedback().getFirst().toDoubles())
                    .isEqualTo(Arrays.copyOf(silent, 15));
            double size =
                    Matrices.norm(
                            recorded.trajectory()
                                    .values()
                                    .get(Variable.CONTROL)
                                    .getFirst()
                                    .toDoubles());
            assertThat(size).isPositive();
        }
    }

    /** Proportional control that somebody else wrote. */
    private record OwnController() implements Controller {
        @Override
        public int stateSize(int outputs) {
            return 0;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            System.arraycopy(tile.error(), 0, tile.control(), 0, tile.error().length);
        }

        @Override
        public double leakage() {
            return 1;
        }
    }

    @Test
    void aControllerOfUsersAndAStrongTargetAreSampled() {
        LoopSetting setting = new LoopSetting(new Activation.Tanh(), new OutputTarget.OwnOutput());
        Plan.Builder builder = Plan.builder(setting.network, Loss.MEAN_SQUARED_ERROR, SAMPLES);
        FeedbackPlasticity expected =
                new FeedbackPlasticity(
                                Optional.of(new HomeostaticDecay(1e-3, 1)), new Clipping.Joint(1))
                        .withEstimator(Estimator.EXPECTED);
        ParameterGroup q = builder.feedbackWeights();
        LoopPhase own =
                new LoopPhase(
                                q,
                                new OutputTarget.OwnOutput(),
                                new OwnController(),
                                published().dynamics())
                        .withNoise(published().noise());
        LoopPhase strong =
                new LoopPhase(
                                q,
                                new OutputTarget.Strong(
                                        0.9, OutputTarget.Strong.Comparison.OF_LOSS),
                                CONTROLLER,
                                published().dynamics())
                        .withNoise(published().noise());
        assertThatThrownBy(() -> own.withPlasticities(expected))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("feedback.estimator")
                .hasMessageContaining("OwnController");
        assertThatThrownBy(() -> strong.withPlasticities(expected))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("feedback.estimator")
                .hasMessageContaining("strong target");
    }
}
