package io.dfc.tornado.loop;

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
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

/** When the loop runs in output space, and how far the published setting's updates then are off. */
class OutputSpaceTest {
    private static final int SAMPLES = 6;

    /** The published step along the mean loss of 128 samples, as a step along a sample's own. */
    private static final double NUDGE = 0.0779 / 128;

    private static final Network NETWORK =
            Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);

    private static final Parameters PARAMETERS =
            ParameterInitializer.draw(
                    NETWORK,
                    Initialization.XAVIER_NORMAL,
                    new FeedbackInitialization.WeightProduct(0),
                    1);

    /** What came of a loop: per plasticity and layer, the gradients of the weights. */
    private record Outcome(int fallbackSamples, double estimate, List<List<Tensor>> updates) {}

    @BeforeEach
    void requireDevice() {
        TestBackends.requireDevice();
    }

    private static Outcome run(String name, Solver solver, double nudge, int points) {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                        builder.feedbackWeights(),
                                        new OutputTarget.Nudge(
                                                nudge, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                                        new ProportionalIntegralController(2, 1.4e-3),
                                        new Dynamics(0.02, points, 0.2),
                                        plasticity(ForwardPlasticity.Mode.CONTINUOUS),
                                        plasticity(ForwardPlasticity.Mode.LAST_STATE))
                                .withSolver(solver));
        Plan plan = builder.build();
        SplittableRandom random = new SplittableRandom(3);
        double[] inputs = new double[SAMPLES * NETWORK.inputs()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(5) == 0 ? random.nextDouble() : 0;
        }
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(inputs, SAMPLES, NETWORK.inputs()),
                        new Targets.Labels(new int[] {3, 0, 9, 4, 4, 7}));
        try (var backend =
                        Backends.discover()
                                .select(name, BackendOptions.defaults(), List.of(plan))
                                .backend();
                var engine = backend.compile(plan)) {
            engine.load(new EngineState(PARAMETERS));
            engine.forward(minibatch);
            LoopResult result = engine.run(loop, Noise.none());
            return new Outcome(
                    result.fallbackSamples(),
                    result.errorEstimate(),
                    loop.gradients().stream().map(g -> result.gradient(g).weights()).toList());
        }
    }

    private static ForwardPlasticity plasticity(ForwardPlasticity.Mode mode) {
        return new ForwardPlasticity(mode, DfcRule.NONLINEAR_DIFFERENCE);
    }

    @Test
    void publishedUpdatesAreThoseOfExactSimulation() {
        Outcome found = run("tornado", new Solver.Auto(), NUDGE, 1000);
        Outcome exact = run("reference", new Solver.Euler(), NUDGE, 1000);

        assertThat(found.fallbackSamples()).isZero();
        assertThat(found.estimate()).isBetween(1e-6, 1e-3);
        assertThat(worst(exact, found)).isLessThanOrEqualTo(5e-5);
    }

    @Test
    void whatMissesTheToleranceIsSimulated() {
        double strong = 128 * NUDGE;
        Outcome found = run("tornado", new Solver.Auto(), strong, 60);
        Outcome simulated = run("tornado", new Solver.Euler(), strong, 60);

        assertThat(found.fallbackSamples()).isEqualTo(SAMPLES);
        assertThat(found.estimate()).isZero();
        assertThat(worst(simulated, found)).isZero();
    }

    /** Relative error of the update that is off most, in the Frobenius norm. */
    private static double worst(Outcome exact, Outcome found) {
        double worst = 0;
        for (int u = 0; u < exact.updates().size(); u++) {
            for (int i = 0; i < NETWORK.depth(); i++) {
                Tensor e = exact.updates().get(u).get(i);
                Tensor f = found.updates().get(u).get(i);
                double difference = 0;
                double norm = 0;
                for (int k = 0; k < e.size(); k++) {
                    difference += Math.pow(f.get(k) - e.get(k), 2);
                    norm += Math.pow(e.get(k), 2);
                }
                worst = Math.max(worst, Math.sqrt(difference / norm));
            }
        }
        return worst;
    }
}
