package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What the kit does not ask of feedback learning in expectation. */
class ExpectedFeedbackTest {
    @Test
    void moreThan64OutputsAreDeclinedInWords() {
        try (Backend backend = backend(1)) {
            assertThat(backend.supports(plan(64, Estimator.EXPECTED)))
                    .isInstanceOf(Support.Supported.class);
            assertThat(backend.supports(plan(65, Estimator.SAMPLED)))
                    .isInstanceOf(Support.Supported.class);
            assertThat(backend.supports(plan(65, Estimator.EXPECTED)))
                    .isInstanceOfSatisfying(
                            Support.Declined.class,
                            declined ->
                                    assertThat(declined.reason())
                                            .contains("feedback.estimator", "64", "65", "sample"));
        }
    }

    @Test
    void neitherThreadsNorARecordingNorWhatRanBeforeChangeABit() {
        Plan plan = plan(11, Estimator.EXPECTED);
        LoopHandle loop = plan.loops().getFirst();
        List<List<double[]>> gradients = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3}) {
            try (Backend backend = backend(threads);
                    Engine engine = backend.compile(plan)) {
                engine.load(new EngineState(ProgramAllocationCases.parameters(plan)));
                engine.forward(new AllocationCases.Case("", plan, e -> 0).minibatch());
                gradients.add(values(engine.run(loop, new Noise.Generated(1, 2))));
                Recording recording = new Recording(Set.of(Variable.APICAL), List.of(1, 5), false);
                LoopResult recorded = engine.run(loop, new Noise.Generated(3, 4), recording);
                gradients.add(values(recorded));
                assertThat(recorded.fallbackSamples()).isZero();
                assertThat(recorded.errorEstimate()).isZero();
            }
        }
        for (List<double[]> gradient : gradients) {
            for (int i = 0; i < gradient.size(); i++) {
                assertThat(gradient.get(i)).isEqualTo(gradients.getFirst().get(i));
            }
        }
        assertThat(Arrays.stream(gradients.getFirst().getFirst()).anyMatch(x -> x != 0)).isTrue();
    }

    private static List<double[]> values(LoopResult result) {
        List<double[]> all = new ArrayList<>();
        for (Tensor tensor : result.unclippedFeedback()) {
            all.add(tensor.toDoubles());
        }
        return all;
    }

    private static Backend backend(int threads) {
        return new SimdBackend("cpu-simd", new Device("cpu", ""), threads);
    }

    private static Plan plan(int outputs, Estimator estimator) {
        Activation tanh = new Activation.Tanh();
        Network network =
                new Network(
                        9,
                        List.of(
                                new Layer(21, tanh),
                                new Layer(13, tanh),
                                new Layer(outputs, new Activation.Linear())),
                        true);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, AllocationCases.SAMPLES);
        builder.loop(
                "feedback",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.OwnOutput(),
                                new ProportionalIntegralController(0.2, 0.1),
                                new Dynamics(0.05, 24, 0.3, 0.2, true, false, true))
                        .withNoise(new ApicalNoise(0.01, 0.02))
                        .withPlasticities(new FeedbackPlasticity().withEstimator(estimator)));
        return builder.build();
    }
}
