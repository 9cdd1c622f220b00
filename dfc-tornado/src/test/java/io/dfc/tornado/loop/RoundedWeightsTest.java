package io.dfc.tornado.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What bfloat16 costs at the published MNIST setting: the relative error of the updates, layer by
 * layer.
 */
class RoundedWeightsTest {
    private static final int SAMPLES = 4;
    private static final int INPUTS = 784;

    /** The published step along the mean loss of 128 samples, as a step along a sample's own. */
    private static final double NUDGE = 0.0779 / 128;

    private final Network network = Network.of(new Activation.Tanh(), INPUTS, 256, 256, 256, 10);

    private Plan plan(Precision precision) {
        Plan.Builder builder =
                Plan.builder(network, Loss.CROSS_ENTROPY, SAMPLES).precision(precision);
        builder.loop(
                "control",
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(NUDGE, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                        new ProportionalIntegralController(2, 1.4e-3),
                        new Dynamics(0.02, 1000, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.LAST_STATE, DfcRule.NONLINEAR_DIFFERENCE)));
        return builder.build();
    }

    /** The weights' updates of all layers, averaged over time and of the last state. */
    private List<Tensor> updates(String backend, Precision precision) {
        Plan plan = plan(precision);
        LoopHandle loop = plan.loops().getFirst();
        Parameters parameters =
                ParameterInitializer.draw(
                        network,
                        Initialization.XAVIER_NORMAL,
                        new FeedbackInitialization.WeightProduct(0),
                        1);
        try (var opened =
                        Backends.discover()
                                .select(backend, BackendOptions.defaults(), List.of(plan))
                                .backend();
                var engine = opened.compile(plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(minibatch());
            var result = engine.run(loop, Noise.none());
            List<Tensor> all = new ArrayList<>();
            loop.gradients().forEach(g -> all.addAll(result.gradient(g).weights()));
            return all;
        }
    }

    private static Minibatch minibatch() {
        SplittableRandom random = new SplittableRandom(3);
        double[] inputs = new double[SAMPLES * INPUTS];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(5) == 0 ? random.nextDouble() : 0;
        }
        return new Minibatch(
                Tensor.wrap(inputs, SAMPLES, INPUTS), new Targets.Labels(new int[] {3, 0, 9, 4}));
    }

    @Test
    void updatesAreThoseOfRoundedWeightsAndCloseToThoseOfFullOnes() {
        TestBackends.requireDevice();
        List<Tensor> found = updates("tornado", Precision.BFLOAT16);

        assertThat(errors(found, updates("reference", Precision.BFLOAT16)))
                .allSatisfy(e -> assertThat(e).isLessThan(1e-5));
        // The lower bound says that weights have been rounded at all.
        assertThat(errors(found, updates("reference", Precision.FULL)))
                .allSatisfy(e -> assertThat(e).isBetween(2e-4, 4e-3));
    }

    /** Frobenius norms of the differences over those of what is exact. */
    private static List<Double> errors(List<Tensor> found, List<Tensor> exact) {
        List<Double> errors = new ArrayList<>();
        for (int t = 0; t < exact.size(); t++) {
            double difference = 0;
            double norm = 0;
            for (int n = 0; n < exact.get(t).size(); n++) {
                double e = exact.get(t).get(n);
                double d = found.get(t).get(n) - e;
                difference += d * d;
                norm += e * e;
            }
            errors.add(Math.sqrt(difference / norm));
        }
        return errors;
    }
}
