package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
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

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

/** The published MNIST setting, whose nudge is so small that plain float32 loses the update. */
class PublishedSettingTest {
    private static final int SAMPLES = 4;
    private static final double TOLERANCE = 1e-5;

    /** The published step along the mean loss of 128 samples, as a step along a sample's own. */
    private static final double NUDGE = 0.0779 / 128;

    private final Network network = Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);
    private final Parameters parameters =
            ParameterInitializer.draw(
                    network,
                    Initialization.XAVIER_NORMAL,
                    new FeedbackInitialization.WeightProduct(0),
                    1);

    private LoopPhase loop(ParameterGroup q, Solver solver) {
        return new LoopPhase(
                        q,
                        new OutputTarget.Nudge(NUDGE, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                        new ProportionalIntegralController(2, 1.4e-3),
                        new Dynamics(0.02, 1000, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.LAST_STATE, DfcRule.NONLINEAR_DIFFERENCE))
                .withSolver(solver);
    }

    private static Minibatch minibatch() {
        SplittableRandom random = new SplittableRandom(3);
        double[] inputs = new double[SAMPLES * 784];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(5) == 0 ? random.nextDouble() : 0;
        }
        return new Minibatch(
                Tensor.wrap(inputs, SAMPLES, 784), new Targets.Labels(new int[] {3, 0, 9, 4}));
    }

    private List<List<Tensor>> updates(String name, Solver solver) {
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop = builder.loop("control", loop(builder.feedbackWeights(), solver));
        Plan plan = builder.build();
        try (Backend backend =
                        Backends.discover()
                                .select(name, BackendOptions.defaults(), List.of(plan))
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(minibatch());
            LoopResult result = engine.run(loop, Noise.none());
            return loop.gradients().stream().map(g -> result.gradient(g).weights()).toList();
        }
    }

    @Test
    void updatesAreThoseOfTheReferenceTo1e5() {
        List<List<Tensor>> exact = updates("reference", new Solver.Euler());
        assertThat(worst(exact, updates("cpu-simd", new Solver.Euler())))
                .isLessThanOrEqualTo(TOLERANCE);
        assertThat(worst(exact, updates("cpu-simd", new Solver.Auto())))
                .isLessThanOrEqualTo(5 * TOLERANCE);
    }

    private static double worst(List<List<Tensor>> exact, List<List<Tensor>> found) {
        double worst = 0;
        for (int u = 0; u < exact.size(); u++) {
            for (int i = 0; i < exact.get(u).size(); i++) {
                double difference = 0;
                double norm = 0;
                for (int k = 0; k < exact.get(u).get(i).size(); k++) {
                    double e = exact.get(u).get(i).get(k);
                    double d = found.get(u).get(i).get(k) - e;
                    difference += d * d;
                    norm += e * e;
                }
                worst = Math.max(worst, Math.sqrt(difference / norm));
            }
        }
        return worst;
    }
}
