package io.dfc.cpu.simd.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.cpu.simd.kernel.Simd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Products with samples side by side against plain loops in float64, in all blocks. */
class LaneWeightsTest {
    private final SplittableRandom random = new SplittableRandom(9);

    private static Stream<LaneShape> shapes() {
        return Stream.of(
                        new int[][] {
                            {1, 1, 1}, {4, 2, 5}, {5, 2, 6}, {6, 2, 7}, {12, 1, 12}, {14, 2, 16}
                        })
                .filter(s -> LaneShape.exists(s[0], s[1], s[2]))
                .map(s -> new LaneShape(s[0], s[1], s[2]));
    }

    private float[] draw(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    /** The product of one sample, whose order of sums is that of the index. */
    private static double exact(float[] w, float[] rates, int row, int inner, int sample) {
        return IntStream.range(0, inner)
                .mapToDouble(k -> (double) w[row * inner + k] * rates[k * Simd.TILE + sample])
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "10,256", "17,3", "150,90", "256,256"})
    void everyBlockGivesTheSameBits(int rows, int inner) {
        float[] w = draw(rows * inner);
        // [inner, samples]
        float[] rates = draw(inner * Simd.TILE);
        float[] before = draw(rows * Simd.TILE);
        float[] expected = new float[rows * Simd.TILE];
        shapes().forEach(
                        shape -> {
                            LaneWeights weights = new LaneWeights(shape, rows, inner);
                            weights.pack(w);
                            for (int first = 0; first < Simd.TILE; first += shape.width()) {
                                check(
                                        shape, weights, first, w, rates, before, expected, rows,
                                        inner);
                            }
                        });
    }

    private static void check(
            LaneShape shape,
            LaneWeights weights,
            int first,
            float[] w,
            float[] rates,
            float[] before,
            float[] expected,
            int rows,
            int inner) {
        int width = shape.width();
        float[] b = columns(rates, inner, first, width);
        float[] stored = new float[rows * width];
        for (int from = 0; from < weights.blocks; from += 3) {
            int to = Math.min(from + 3, weights.blocks);
            int row = weights.row(from);
            int numbers = (weights.row(to) - row) * width;
            float[] product = new float[numbers];
            float[] sum = columns(before, rows, first, width);
            float[] added = Arrays.copyOfRange(sum, row * width, row * width + numbers);
            float[] again = added.clone();
            weights.multiply(LaneBlock.Form.PLAIN, from, to, b, 0, null, 0, product);
            weights.multiply(LaneBlock.Form.ADDED, from, to, b, 0, null, 0, added);
            weights.multiply(
                    LaneBlock.Form.STORED_AND_ADDED, from, to, b, 0, stored, row * width, again);
            assertThat(again).isEqualTo(added);
            for (int n = 0; n < numbers; n++) {
                int at = row * width + n;
                int r = at / width;
                int s = first + at % width;
                float old = before[r * Simd.TILE + s];
                assertThat(stored[at]).isEqualTo(product[n]);
                assertThat(added[n]).isEqualTo(old + product[n]);
                assertThat((double) product[n])
                        .isCloseTo(exact(w, rates, r, inner, s), within(2e-6 * Math.sqrt(inner)));
                int place = r * Simd.TILE + s;
                expected[place] = expected[place] == 0 ? product[n] : expected[place];
                assertThat(product[n]).as("%s", shape).isEqualTo(expected[place]);
            }
        }
    }

    private static float[] columns(float[] all, int rows, int first, int width) {
        float[] some = new float[rows * width];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(all, r * Simd.TILE + first, some, r * width, width);
        }
        return some;
    }
}
