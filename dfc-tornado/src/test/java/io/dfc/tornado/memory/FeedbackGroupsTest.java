package io.dfc.tornado.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Plans with groups of parameters beyond weights, biases and one group of feedback weights. */
class FeedbackGroupsTest {
    private static final int SAMPLES = 6;
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 7, 5, 3);

    /** A plan of two loops through feedback weights of their own, and a group that none reads. */
    private record TwoLoops(Plan plan, LoopHandle forward, LoopHandle feedback, StepHandle step) {
        static TwoLoops of(Precision precision, Estimator estimator) {
            Plan.Builder builder =
                    Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES).precision(precision);
            ParameterGroup first = builder.feedbackWeights();
            ParameterGroup second = builder.group("R", shapes());
            builder.group("idle", List.of(new int[] {2, 3}));
            LoopHandle forward =
                    builder.loop(
                            "control",
                            loop(
                                    first,
                                    new ForwardPlasticity(
                                            ForwardPlasticity.Mode.CONTINUOUS,
                                            DfcRule.NONLINEAR_DIFFERENCE)));
            LoopHandle feedback =
                    builder.loop(
                            "feedback",
                            loop(second)
                                    .withNoise(new ApicalNoise(0.05, 0.05))
                                    .withPlasticities(
                                            new FeedbackPlasticity(
                                                            Optional.of(
                                                                    new HomeostaticDecay(0.1, 1)),
                                                            new Clipping.Joint(10))
                                                    .withEstimator(estimator)));
            StepHandle step =
                    builder.step(
                            feedback.gradients().getFirst(),
                            builder.optimizer(
                                    "second",
                                    new Optimization(new Optimizer.Sgd(0.9), 0.1),
                                    second));
            return new TwoLoops(builder.build(), forward, feedback, step);
        }

        private static LoopPhase loop(ParameterGroup q, Plasticity... plasticities) {
            return new LoopPhase(
                    q,
                    new OutputTarget.Nudge(0.1),
                    new ProportionalIntegralController(2, 0.01),
                    new Dynamics(0.05, 20, 0.2),
                    plasticities);
        }
    }

    private static List<int[]> shapes() {
        return List.of(new int[] {7, 3}, new int[] {5, 3}, new int[] {3, 3});
    }

    private static Minibatch minibatch() {
        return new Minibatch(
                Tensor.wrap(new SplittableRandom(6).doubles(4L * SAMPLES).toArray(), SAMPLES, 4),
                new Targets.Labels(new int[] {0, 1, 2, 0, 0, 1}));
    }

    @BeforeEach
    void requireDevice() {
        TestBackends.requireDevice();
    }

    /** Parameters after two steps of the second group, and the other loop's gradient after them. */
    private static Parameters train(Backend backend, Precision precision, Estimator estimator) {
        TwoLoops loops = TwoLoops.of(precision, estimator);
        try (Engine engine = backend.compile(loops.plan())) {
            engine.load(new EngineState(TestBackends.parameters(loops.plan())));
            engine.forward(minibatch());
            for (int n = 0; n < 2; n++) {
                engine.run(loops.feedback(), new Noise.Generated(3, n));
                engine.apply(loops.step().at(1));
            }
            Parameters gradient =
                    engine.run(loops.forward(), Noise.none())
                            .gradient(loops.forward().gradients().getFirst());
            Map<String, List<Tensor>> all = new TreeMap<>();
            engine.snapshot().parameters().groups().forEach(all::put);
            gradient.groups().forEach((name, tensors) -> all.put("gradient of " + name, tensors));
            return new Parameters(all);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, FULL, SAMPLED",
        "true, FULL, SAMPLED",
        "false, BFLOAT16, SAMPLED",
        "true, BFLOAT16, SAMPLED",
        "true, FULL, EXPECTED",
        "false, BFLOAT16, EXPECTED",
        "true, BFLOAT16, EXPECTED"
    })
    void everyLoopIsCarriedByItsOwnFeedbackWeights(
            boolean transposes, Precision precision, Estimator estimator) {
        Parameters found;
        Parameters expected;
        try (Backend tornado = TestBackends.tornado(transposes);
                Backend reference = TestBackends.reference()) {
            found = train(tornado, precision, estimator);
            expected = train(reference, precision, estimator);
        }
        assertThat(found.groups().keySet()).isEqualTo(expected.groups().keySet());
        expected.groups()
                .forEach(
                        (name, tensors) -> {
                            for (int t = 0; t < tensors.size(); t++) {
                                TestBackends.requireClose(
                                        name, found.group(name).get(t), tensors.get(t));
                            }
                        });
    }

    @Test
    void theLargestParameterMayBeOfAnyGroup() {
        TwoLoops loops = TwoLoops.of(Precision.FULL, Estimator.SAMPLED);
        Parameters parameters = TestBackends.parameters(loops.plan());
        try (Backend backend = TestBackends.tornado(false);
                Engine engine = backend.compile(loops.plan())) {
            for (String name : List.of("R", "idle", Parameters.FEEDBACK, Parameters.WEIGHTS)) {
                Parameters copy = parameters.copy();
                copy.group(name).getFirst().set(1, -7);
                engine.load(new EngineState(copy));
                assertThat(engine.largestParameter(0)).as(name).isEqualTo(7);
            }
        }
    }

    @Test
    void aGroupThatNoArrayHoldsIsDeclinedInOneLine() {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        builder.group("huge", List.of(new int[] {1 << 20, 1 << 20}));
        try (Backend backend = TestBackends.tornado(false)) {
            assertThat(backend.supports(builder.build()))
                    .isEqualTo(new Support.Declined("a tensor of group \"huge\" is too large"));
        }
    }
}
