package io.dfc.cpu.simd.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.Rates;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;
import java.util.SplittableRandom;

/** A step that predicts tiny deviations uses a series for them; its results must be the same. */
class LayerStepTest {
    private static final int ROWS = 16;
    private static final int LAYER = 1;
    private static final float TINY = 1e-5f;
    private static final float LARGE = 30f;

    private final Network network = Network.of(new Activation.Tanh(), 7, 90, 150, 3);
    private final Model model;

    private final Batch batch;

    LayerStepTest() {
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, ROWS);
        ParameterGroup q = builder.feedbackWeights();
        model = new Model(builder.build(), Optional.of(q), RegisterBlocks.standard());
        batch = new Batch(model, ROWS);
        Parameters parameters =
                ParameterInitializer.draw(
                        network,
                        Initialization.XAVIER_NORMAL,
                        new FeedbackInitialization.WeightProduct(0),
                        1);
        try (Workers workers = new Workers(1)) {
            model.load(parameters, workers);
        }
        SplittableRandom random = new SplittableRandom(2);
        LayerActivity layer = batch.layers[LAYER];
        for (int k = 0; k < layer.v.length; k++) {
            layer.v[k] = (float) random.nextDouble(-3, 3);
        }
        Rates.evaluate(network.activation(LAYER), layer.v, layer.r, layer.slope, 0, layer.v.length);
    }

    @ParameterizedTest
    @CsvSource({TINY + "," + TINY, TINY + "," + LARGE, LARGE + "," + TINY, LARGE + "," + LARGE})
    void whatCameBeforeDoesNotChangeAStep(float before, float now) {
        Tile expected = tile(now);
        new LayerStep(model, LAYER, new Dynamics(0.02, 2, 0.2), 0, false, 0)
                .run(expected, batch.layers[LAYER], false, StoredVoltages.NONE);
        LayerStep used = new LayerStep(model, LAYER, new Dynamics(0.02, 2, 0.2), 0, false, 0);
        used.run(tile(before), batch.layers[LAYER], false, StoredVoltages.NONE);
        Tile tile = tile(now);

        used.run(tile, batch.layers[LAYER], false, StoredVoltages.NONE);

        assertThat(tile.dv[LAYER]).isEqualTo(expected.dv[LAYER]);
        assertThat(tile.dr[LAYER]).isEqualTo(expected.dr[LAYER]);
        assertThat(tile.dr[LAYER][0]).isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"" + TINY, "" + LARGE})
    void ratesGoWithTheVoltages(float size) {
        Tile tile = tile(size);
        LayerActivity layer = batch.layers[LAYER];

        new LayerStep(model, LAYER, new Dynamics(0.02, 2, 0.2), 0, false, 0)
                .run(tile, layer, false, StoredVoltages.NONE);

        for (int k = 0; k < tile.dr[LAYER].length; k++) {
            double exact = network.activation(LAYER).difference(layer.v[k], tile.dv[LAYER][k]);
            assertThat((double) tile.dr[LAYER][k])
                    .as("rate %d", k)
                    .isCloseTo(exact, org.assertj.core.data.Offset.offset(2e-6 * Math.abs(exact)));
        }
    }

    private Tile tile(float size) {
        Tile tile = new Tile(network, ROWS);
        tile.reset(batch, 0, ROWS);
        SplittableRandom random = new SplittableRandom(3);
        fill(tile.dr[LAYER - 1], size, random);
        fill(tile.applied, size, random);
        return tile;
    }

    private static void fill(float[] x, float size, SplittableRandom random) {
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) (size * random.nextDouble(-1, 1));
        }
    }
}
