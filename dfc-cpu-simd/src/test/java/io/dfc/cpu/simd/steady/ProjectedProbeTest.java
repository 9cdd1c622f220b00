package io.dfc.cpu.simd.steady;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The projected probe against the probe with all components. */
class ProjectedProbeTest {
    private static final int ROWS = 13;
    private static final int NETWORKS = 60;
    private static final Activation TANH = new Activation.Tanh();

    private static final Loop PUBLISHED = loop(new Dynamics(0.02, 1000, 0.2), Leak.TOTAL, 2);

    record Loop(Dynamics dynamics, ProportionalIntegralController controller) {}

    private static Loop loop(Dynamics dynamics, Leak leak, double gain) {
        return new Loop(dynamics, new ProportionalIntegralController(gain, 0.04, leak));
    }

    static List<Loop> loops() {
        return List.of(
                PUBLISHED,
                loop(new Dynamics(0.02, 300, 0.2, 0.02, false, false, true), Leak.INTEGRAL, 0.5),
                loop(new Dynamics(0.02, 300, 0.2, 0.1, true, false, false), Leak.TOTAL, 1));
    }

    /** Verdicts on the samples of many networks. */
    private static final class Counts {
        int stable;
        int unstable;
        int decided;
        int wrong;
    }

    private final Network network =
            new Network(
                    30,
                    List.of(
                            new Layer(40, TANH),
                            new Layer(9, new Activation.Linear()),
                            new Layer(44, TANH),
                            new Layer(101, new Activation.Linear())),
                    false);
    private final Model model = model();
    private final Batch batch = new Batch(model, ROWS);

    private Model model() {
        Plan.Builder builder = Plan.builder(network, Loss.MEAN_SQUARED_ERROR, ROWS);
        ParameterGroup q = builder.feedbackWeights();
        return new Model(builder.build(), Optional.of(q), RegisterBlocks.standard());
    }

    @ParameterizedTest
    @MethodSource("loops")
    void whatItDecidesTheProbeDecidesAsWell(Loop loop) {
        Counts counts = verdicts(loop, 4);

        assertThat(counts.stable).isGreaterThan(20);
        assertThat(counts.unstable).isGreaterThan(20);
        assertThat(counts.wrong).isZero();
    }

    @Test
    void itDecidesMostOfWhatTrainingMeets() {
        Counts counts = verdicts(PUBLISHED, 0.1);

        assertThat(counts.unstable).isZero();
        assertThat(counts.decided).isGreaterThan(counts.stable * 9 / 10);
    }

    /**
     * Counts verdicts.
     *
     * @param spread how far feedback weights are from the products of forward weights
     */
    private Counts verdicts(Loop loop, double spread) {
        Counts counts = new Counts();
        SplittableRandom random = new SplittableRandom(4);
        Tile tile = new Tile(network, Simd.TILE);
        tile.reset(batch, 0, ROWS);
        Linearization linear = new Linearization(network, tile);
        try (Workers workers = new Workers(1)) {
            ReadoutBasis basis = new ReadoutBasis(model, workers);
            var exact =
                    new ReducedProbe(model, tile, linear, basis, loop.controller, loop.dynamics);
            var projected =
                    new ProjectedProbe(model, tile, linear, basis, loop.controller, loop.dynamics);
            for (int n = 0; n < NETWORKS; n++) {
                model.load(parameters(n, spread * n / NETWORKS, random), workers);
                assertThat(basis.refresh()).isTrue();
                slopes(linear, random);
                boolean[] stable = exact.decays();
                boolean[] certain = projected.decays();
                for (int s = 0; s < ROWS; s++) {
                    counts.stable += stable[s] ? 1 : 0;
                    counts.unstable += stable[s] ? 0 : 1;
                    counts.decided += certain[s] ? 1 : 0;
                    counts.wrong += certain[s] && !stable[s] ? 1 : 0;
                }
            }
        }
        return counts;
    }

    /** Slopes of neurons, some of which are saturated. */
    private static void slopes(Linearization linear, SplittableRandom random) {
        for (float[] layer : linear.slopes) {
            for (int k = 0; k < layer.length; k++) {
                layer[k] = (float) Math.min(1, 1.3 * random.nextDouble());
            }
        }
    }

    private Parameters parameters(int seed, double spread, SplittableRandom random) {
        Parameters drawn =
                ParameterInitializer.draw(
                        network,
                        Initialization.XAVIER_NORMAL,
                        new FeedbackInitialization.WeightProduct(0),
                        seed);
        for (int i = 0; i < network.depth() - 1; i++) {
            Tensor q = drawn.feedback().get(i);
            double factor = 1 + spread * random.nextDouble(-1, 1);
            for (int k = 0; k < q.size(); k++) {
                q.set(k, factor * q.get(k) + 0.1 * spread * random.nextDouble(-1, 1));
            }
        }
        return drawn;
    }
}
