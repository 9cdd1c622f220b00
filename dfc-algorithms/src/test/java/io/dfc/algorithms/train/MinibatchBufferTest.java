package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.Normalization;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;

class MinibatchBufferTest {
    private static final DataSet IMAGES =
            DataSet.images(
                    "images",
                    new byte[] {0, 1, 2, 3, 100, 127, (byte) 128, (byte) 200, (byte) 255, 7, 8, 9},
                    3,
                    new Normalization(0.1307, 0.3081),
                    new int[] {2, 0, 1, 2},
                    3);

    private static final int[] INDICES = {3, 1, 2, 0};

    private static double[] inOrder(DataSet data, boolean targets) {
        double[] out =
                new double[INDICES.length * (targets ? data.outputSize() : data.inputSize())];
        if (targets) {
            data.copyTargets(INDICES, 0, INDICES.length, out);
        } else {
            data.copyInputs(INDICES, 0, INDICES.length, out);
        }
        return out;
    }

    private static double[] rounded(double[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    @Test
    void imagesAreGatheredInFloat32WhereTheEngineReadsFloat32() {
        Minibatch minibatch =
                new MinibatchBuffer(IMAGES, 4, ElementType.F32, ElementType.F64).gather(INDICES, 0);

        assertThat(minibatch.inputs().floats()).hasSize(12);
        assertThat(minibatch.inputs().toDoubles()).isEqualTo(rounded(inOrder(IMAGES, false)));
        assertThat(((Targets.Labels) minibatch.targets()).classes()).containsExactly(2, 0, 1, 2);
    }

    @Test
    void imagesAreGatheredInFloat64WhereTheEngineReadsFloat64() {
        Minibatch minibatch =
                new MinibatchBuffer(IMAGES, 4, ElementType.F64, ElementType.F64).gather(INDICES, 0);

        assertThat(minibatch.inputs().doubles()).isEqualTo(inOrder(IMAGES, false));
    }

    @ParameterizedTest
    @EnumSource
    void targetsHaveTheTypeInWhichTheEngineReadsThem(ElementType type) {
        DataSet data =
                DataSet.regression(
                        "numbers",
                        new double[] {1, 2, 3, 4},
                        1,
                        new double[] {.1, .2, .3, .4, .5, .6, .7, .8},
                        2);

        Minibatch minibatch =
                new MinibatchBuffer(data, 4, ElementType.F32, type).gather(INDICES, 0);

        Tensor values = ((Targets.Values) minibatch.targets()).values();
        assertThat(minibatch.inputs().type()).isEqualTo(ElementType.F32);
        assertThat(values.type()).isEqualTo(type);
        double[] exact = inOrder(data, true);
        assertThat(values.toDoubles()).isEqualTo(type == ElementType.F32 ? rounded(exact) : exact);
    }

    @ParameterizedTest
    @EnumSource
    void anAutoencoderReadsInputsAndTargetsFromOneTensor(ElementType type) {
        DataSet data = IMAGES.asAutoencoder("autoencoder");

        Minibatch minibatch =
                new MinibatchBuffer(data, 4, ElementType.F32, type).gather(INDICES, 0);

        assertThat(((Targets.Values) minibatch.targets()).values()).isSameAs(minibatch.inputs());
        assertThat(minibatch.inputs().type()).isEqualTo(type);
        double[] exact = inOrder(data, false);
        assertThat(minibatch.inputs().toDoubles())
                .isEqualTo(type == ElementType.F32 ? rounded(exact) : exact);
    }

    @Test
    void gatheringAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        DataSet autoencoder = IMAGES.asAutoencoder("autoencoder");
        MinibatchBuffer first = new MinibatchBuffer(IMAGES, 4, ElementType.F32, ElementType.F64);
        MinibatchBuffer second =
                new MinibatchBuffer(autoencoder, 4, ElementType.F32, ElementType.F32);
        int times = 1000;
        long least =
                IntStream.range(0, 5)
                        .mapToLong(
                                _ -> {
                                    long before = threads.getCurrentThreadAllocatedBytes();
                                    for (int i = 0; i < times; i++) {
                                        first.gather(INDICES, 0);
                                        second.gather(INDICES, 0);
                                    }
                                    return threads.getCurrentThreadAllocatedBytes() - before;
                                })
                        .min()
                        .orElseThrow();

        // Less than the smallest object a call.
        assertThat(least).isLessThan(times);
    }
}
