package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.Normalization;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;

class MinibatchGathererTest {
    private static final int MAX = 4;
    private static final int[] INDICES = {3, 1, 2, 0};

    private static final DataSet IMAGES =
            DataSet.images(
                    "images",
                    new byte[] {0, 1, 2, 3, 100, 127, (byte) 128, (byte) 200, (byte) 255, 7, 8, 9},
                    3,
                    new Normalization(0.1307, 0.3081),
                    new int[] {2, 0, 1, 2},
                    3);

    private static final DataSet NUMBERS =
            DataSet.regression(
                    "numbers",
                    new double[] {1, 2, 3, 4},
                    1,
                    new double[] {.1, .2, .3, .4, .5, .6, .7, .8},
                    2);

    private final Backend backend =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();

    @AfterEach
    void close() {
        backend.close();
    }

    private Engine engine(DataSet data) {
        Network network = Network.of(new Activation.Tanh(), data.inputSize(), 4, data.outputSize());
        Loss loss = data.classification() ? Loss.CROSS_ENTROPY : Loss.MEAN_SQUARED_ERROR;
        Engine engine = backend.compile(Plan.evaluation(network, loss, MAX));
        engine.load(
                new EngineState(
                        engine.plan()
                                .select(
                                        ParameterInitializer.draw(
                                                network,
                                                Initialization.XAVIER_NORMAL,
                                                new FeedbackInitialization.WeightProduct(0),
                                                1))));
        return engine;
    }

    private static Tensor inputs(DataSet data, int samples) {
        double[] out = new double[samples * data.inputSize()];
        data.copyInputs(INDICES, 1, samples, Rows.of(out, data.inputSize()));
        return Tensor.wrap(out, samples, data.inputSize());
    }

    private static Targets targets(DataSet data, int samples) {
        if (data.classification()) {
            int[] labels = new int[samples];
            data.copyLabels(INDICES, 1, samples, labels);
            return new Targets.Labels(labels);
        }
        double[] out = new double[samples * data.outputSize()];
        data.copyTargets(INDICES, 1, samples, Rows.of(out, data.outputSize()));
        return new Targets.Values(Tensor.wrap(out, samples, data.outputSize()));
    }

    @Test
    void whatIsGatheredIsTheMinibatchOfTheIndices() {
        for (DataSet data : List.of(IMAGES, NUMBERS, IMAGES.asAutoencoder("autoencoder"))) {
            try (Engine engine = engine(data)) {
                MinibatchGatherer gatherer = new MinibatchGatherer(data, engine);
                for (int samples : new int[] {3, 1, 3}) {
                    double gathered = engine.forward(gatherer.gather(INDICES, 1, samples)).loss();

                    Minibatch tensors =
                            new Minibatch(inputs(data, samples), targets(data, samples));
                    assertThat(gathered)
                            .as("%s, %d samples", data, samples)
                            .isEqualTo(engine.forward(tensors).loss())
                            .isPositive();
                }
            }
        }
    }

    @Test
    void theInputsOfAnAutoencoderAreGatheredOnce() {
        DataSet data = IMAGES.asAutoencoder("autoencoder");
        try (Engine engine = engine(data)) {
            SampleBuffer gathered = new MinibatchGatherer(data, engine).gather(INDICES, 1, 3);

            assertThat(gathered.target()).isInstanceOf(SampleBuffer.Target.Inputs.class);
            assertThat(gathered.inputs().toTensor(3)).isEqualTo(inputs(data, 3));
        }
    }

    @Test
    void dataOfAnotherWidthThanTheEngineAreRefused() {
        try (Engine engine = engine(NUMBERS.asAutoencoder("numbers"))) {
            MinibatchGatherer gatherer =
                    new MinibatchGatherer(IMAGES.asAutoencoder("images"), engine);

            assertThatThrownBy(() -> gatherer.gather(INDICES, 0, 2))
                    .isInstanceOf(ShapeMismatchException.class)
                    .hasMessageContaining("expected room for 2 rows of 3, got rows of 1");
        }
    }

    @Test
    void gatheringAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        DataSet autoencoder = IMAGES.asAutoencoder("autoencoder");
        try (Engine ofImages = engine(IMAGES);
                Engine ofAutoencoder = engine(autoencoder)) {
            MinibatchGatherer first = new MinibatchGatherer(IMAGES, ofImages);
            MinibatchGatherer second = new MinibatchGatherer(autoencoder, ofAutoencoder);
            int times = 1000;
            long least =
                    IntStream.range(0, 5)
                            .mapToLong(
                                    _ -> {
                                        long before = threads.getCurrentThreadAllocatedBytes();
                                        for (int i = 0; i < times; i++) {
                                            first.gather(INDICES, 0, 4);
                                            first.gather(INDICES, 0, 3);
                                            second.gather(INDICES, 0, 4);
                                        }
                                        return threads.getCurrentThreadAllocatedBytes() - before;
                                    })
                            .min()
                            .orElseThrow();

            // Less than the smallest object a call.
            assertThat(least).isLessThan(times);
        }
    }
}
