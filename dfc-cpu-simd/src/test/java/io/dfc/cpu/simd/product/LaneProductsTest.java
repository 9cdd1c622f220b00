package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

/** All remainders of rows and columns against plain sums. */
class LaneProductsTest {
    private static final int PANELS = 3;

    private final SplittableRandom random = new SplittableRandom(4);

    @ParameterizedTest
    @CsvSource({"1,1", "1,6", "5,1", "4,2", "7,3", "10,10", "5,50", "50,5"})
    void partialSumsAreThoseOfEveryLane(int rows, int columns) {
        int width = 2 * LANES;
        LaneProducts products = new LaneProducts(rows, columns, width);
        float[] a = random(rows * width * PANELS);
        float[] b = random(columns * width * PANELS);
        products.add(a, b, PANELS);
        products.add(a, b, 1);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float[] lanes = new float[LANES];
                for (int panel : new int[] {0, 1, 2, 0}) {
                    for (int k = 0; k < width; k++) {
                        float x = a[(panel * rows + row) * width + k];
                        float y = b[(panel * columns + column) * width + k];
                        lanes[k % LANES] = Math.fma(x, y, lanes[k % LANES]);
                    }
                }
                float sum = 0;
                for (float lane : lanes) {
                    sum += lane;
                }
                assertThat(products.sum(row, column)).isEqualTo(sum);
            }
        }
        products.clear();
        assertThat(products.sum(rows - 1, columns - 1)).isZero();
    }

    private float[] random(int length) {
        float[] x = new float[length];
        for (int k = 0; k < length; k++) {
            x[k] = (float) random.nextGaussian();
        }
        return x;
    }
}
