package io.dfc.cpu.simd.product;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

/** Every number of rows, so that every height and width of a block is met, against plain sums. */
class MatrixProductTest {
    private static final int INNER = 7;
    private static final int GAP = 3 * LANES;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 16, 23, 64})
    void productsAreChainsOfMultiplyAddsInOrder(int n) {
        float[] a = random(GAP + n * INNER * LANES);
        float[] b = random(n * INNER * LANES);
        float[] c = new float[GAP + n * n * LANES];
        MatrixProduct.ofColumns(n).multiply(a, GAP, b, 0, INNER, c, GAP);
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < n; k++) {
                for (int lane = 0; lane < LANES; lane++) {
                    float sum = 0;
                    for (int m = 0; m < INNER; m++) {
                        float x = a[GAP + (m * n + j) * LANES + lane];
                        sum = Math.fma(x, b[(m * n + k) * LANES + lane], sum);
                    }
                    assertThat(c[GAP + (j * n + k) * LANES + lane]).isEqualTo(sum);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 10, 11, 23})
    void productsByItselfHoldWhatLiesOnAndAboveTheDiagonal(int n) {
        int stride = INNER * LANES + GAP;
        float[] a = random(n * stride);
        float[] c = new float[n * n * LANES];
        new MatrixProduct(n, LANES, stride).multiplyByItself(a, 0, INNER, c);
        for (int j = 0; j < n; j++) {
            for (int k = j; k < n; k++) {
                for (int lane = 0; lane < LANES; lane++) {
                    float sum = 0;
                    for (int at = lane; at < INNER * LANES; at += LANES) {
                        sum = Math.fma(a[j * stride + at], a[k * stride + at], sum);
                    }
                    assertThat(c[(j * n + k) * LANES + lane]).isEqualTo(sum);
                }
            }
        }
    }

    private static float[] random(int length) {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[length];
        for (int k = 0; k < length; k++) {
            x[k] = (float) random.nextGaussian();
        }
        return x;
    }
}
