package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Simulations of networks on both sides of the width up to which sums are formed with samples side
 * by side; those of the kit are below it.
 */
class NetworkWidthTest {
    /** A whole tile, a panel and a part of one. */
    private static final int SAMPLES = 53;

    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @CsvSource({"50,5", "150,12"})
    void updatesAreThoseOfTheReference(int hidden, int outputs) {
        Network network = Network.of(new Activation.Tanh(), 20, hidden, outputs);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, SAMPLES);
        ParameterGroup q = builder.feedbackWeights();
        ProportionalIntegralController controller = new ProportionalIntegralController(1, 0.01);
        builder.loop(
                "control",
                new LoopPhase(
                        q,
                        new OutputTarget.Nudge(0.1),
                        controller,
                        new Dynamics(0.02, 60, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.LAST_STATE, DfcRule.VOLTAGE_DIFFERENCE)));
        builder.loop(
                "feedback",
                new LoopPhase(
                                q,
                                new OutputTarget.OwnOutput(),
                                controller,
                                new Dynamics(0.05, 24, 0.3, 0.2, true, false, true))
                        .withNoise(new ApicalNoise(0.01, 0.02))
                        .withPlasticities(new FeedbackPlasticity()));
        Plan plan = builder.build();
        List<Tensor> exact = updates("reference", 1, plan);
        List<Tensor> found = updates("cpu-simd", 2, plan);
        List<Tensor> alone = updates("cpu-simd", 1, plan);
        for (int k = 0; k < exact.size(); k++) {
            assertThat(distance(exact.get(k), found.get(k)))
                    .as("tensor %s", k)
                    .isLessThan(TOLERANCE);
            assertThat(alone.get(k).toDoubles()).isEqualTo(found.get(k).toDoubles());
        }
    }

    private static List<Tensor> updates(String name, int threads, Plan plan) {
        Network network = plan.network();
        try (Backend backend =
                        Backends.discover()
                                .select(name, new BackendOptions(threads), List.of(plan))
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    network,
                                    Initialization.XAVIER_NORMAL,
                                    new FeedbackInitialization.WeightProduct(0),
                                    1)));
            engine.forward(minibatch(network));
            List<Tensor> all = new ArrayList<>();
            for (LoopHandle loop : plan.loops()) {
                boolean noisy = loop.phase().noise().isPresent();
                LoopResult result =
                        engine.run(loop, noisy ? new Noise.Generated(3, 4) : Noise.none());
                loop.gradients()
                        .forEach(g -> result.gradient(g).groups().values().forEach(all::addAll));
            }
            return all;
        }
    }

    private static Minibatch minibatch(Network network) {
        SplittableRandom random = new SplittableRandom(3);
        double[] inputs = random.doubles((long) SAMPLES * network.inputs()).toArray();
        int[] labels = random.ints(SAMPLES, 0, network.outputs()).toArray();
        return new Minibatch(
                Tensor.wrap(inputs, SAMPLES, network.inputs()), new Targets.Labels(labels));
    }

    private static double distance(Tensor exact, Tensor found) {
        double difference = 0;
        double norm = 0;
        for (int k = 0; k < exact.size(); k++) {
            double d = found.get(k) - exact.get(k);
            difference += d * d;
            norm += exact.get(k) * exact.get(k);
        }
        return Math.sqrt(difference / norm);
    }
}
