package io.dfc.cpu.simd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Activation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Relative errors of changes of rates, along every way to compute them. */
class RateDifferenceTest {
    private static final int N = 1 << 14;

    /**
     * A few units of the last place, most of them from the feedforward rates and slopes, which are
     * float32 themselves.
     */
    private static final double TOLERANCE = 2e-6;

    static Stream<Arguments> cases() {
        // Around the bounds of both series, far below, where squares still are normal numbers, and
        // far above.
        List<Double> largest =
                List.of(1e-12, 1e-6, 1e-3, 0x1p-8, 0x1.1p-8, 0x1p-4, 0x1.1p-4, 0.5, 3.0);
        return Stream.of(new Activation.Tanh(), new Activation.Sigmoid())
                .flatMap(a -> largest.stream().map(d -> Arguments.of(a, d)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isExactRelativeToTheChange(Activation activation, double largest) {
        SplittableRandom random = new SplittableRandom(7);
        LayerActivity layer = new LayerActivity(N, 1);
        float[] d = new float[layer.stride];
        for (int k = 0; k < N; k++) {
            layer.v[k] = (float) random.nextDouble(-4, 4);
            d[k] = (float) (largest * random.nextDouble(-1, 1));
        }
        d[0] = (float) largest;
        Rates.evaluate(activation, layer.v, layer.r, layer.slope, 0, layer.stride);
        float[] out = new float[layer.stride];

        RateDifference.write(activation, layer, 0, d, 0, out, 0, layer.stride);

        for (int k = 0; k < N; k++) {
            double exact = activation.difference(layer.v[k], d[k]);
            assertThat(Math.abs(out[k] - exact))
                    .as("phi(%s + %s) - phi", layer.v[k], d[k])
                    .isLessThanOrEqualTo(TOLERANCE * Math.abs(exact));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noBitDependsOnTheLengthOfRows(Activation activation, double largest) {
        SplittableRandom random = new SplittableRandom(8);
        LayerActivity layer = new LayerActivity(N, 1);
        float[] d = new float[layer.stride];
        for (int k = 0; k < N; k++) {
            layer.v[k] = (float) random.nextDouble(-4, 4);
            // Neighbours on both sides of the bounds of both series.
            double scale = random.nextInt(4) == 0 ? 0x1p-2 : 1;
            d[k] = (float) (scale * largest * random.nextDouble(-1, 1));
        }
        Rates.evaluate(activation, layer.v, layer.r, layer.slope, 0, layer.stride);
        float[] expected = new float[layer.stride];
        RateDifference.writeVectors(activation, layer, 0, d, 0, expected, 0, layer.stride);

        for (int length : List.of(Simd.LANES, 2 * Simd.LANES, 6 * Simd.LANES)) {
            float[] out = new float[layer.stride];
            float[] left = new float[layer.stride];
            float[] leftExpected = new float[layer.stride];
            for (int at = 0; at < layer.stride; at += length) {
                int n = Math.min(length, layer.stride - at);
                RateDifference.writeVectors(activation, layer, at, d, at, out, at, n);
                RateDifference.subtract(activation, layer, at, d, at, d, at, left, at, n);
            }
            for (int k = 0; k < leftExpected.length; k++) {
                leftExpected[k] = d[k] - expected[k];
            }
            assertThat(out).isEqualTo(expected);
            assertThat(left).isEqualTo(leftExpected);
        }
        for (int k = 0; k < N; k++) {
            double exact = activation.difference(layer.v[k], d[k]);
            assertThat(Math.abs(expected[k] - exact))
                    .isLessThanOrEqualTo(TOLERANCE * Math.abs(exact));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anUndefinedChangeStaysUndefined(Activation activation, double largest) {
        LayerActivity layer = new LayerActivity(Simd.LANES, 1);
        float[] d = new float[layer.stride];
        d[0] = (float) largest;
        d[1] = Float.NaN;
        Rates.evaluate(activation, layer.v, layer.r, layer.slope, 0, layer.stride);
        float[] out = new float[layer.stride];

        RateDifference.write(activation, layer, 0, d, 0, out, 0, layer.stride);

        assertThat(out[0]).isNotNaN();
        assertThat(out[1]).isNaN();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aDifferenceOfChangesHasTheBitsOfBoth(Activation activation, double largest) {
        SplittableRandom random = new SplittableRandom(8);
        LayerActivity layer = new LayerActivity(N, 1);
        int n = layer.stride;
        float[] d = new float[n];
        float[] end = new float[n];
        for (int k = 0; k < N; k++) {
            layer.v[k] = (float) random.nextDouble(-4, 4);
            d[k] = (float) (largest * random.nextDouble(-1, 1));
            end[k] = (float) (largest * random.nextDouble(-1, 1));
        }
        Rates.evaluate(activation, layer.v, layer.r, layer.slope, 0, n);
        float[] change = new float[n];
        RateDifference.writeVectors(activation, layer, 0, d, 0, change, 0, n);
        float[] out = new float[n + Simd.LANES];

        RateDifference.subtract(activation, layer, 0, end, 0, d, 0, out, Simd.LANES, n);

        for (int k = 0; k < N; k++) {
            assertThat(out[Simd.LANES + k]).as("element %d", k).isEqualTo(end[k] - change[k]);
        }
    }
}
