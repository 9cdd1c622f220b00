package io.dfc.cpu.simd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

class SoftmaxTest {
    private static final int PADDING = 8;

    @Test
    void expIsWithinOneUlp() {
        int n = 4_000_000;
        double[] x = new double[n + PADDING];
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < n; i++) {
            // Small numbers, whose exponentials are close to one, and all others.
            x[i] =
                    i % 2 == 0
                            ? Softmax.LOWEST * i / n
                            : -random.nextDouble() * Math.pow(2, -i % 60);
        }
        double[] found = x.clone();
        Softmax.exp(found, n);
        double worst = 0;
        for (int i = 0; i < n; i++) {
            double exact = StrictMath.exp(x[i]);
            worst = Math.max(worst, Math.abs(found[i] - exact) / Math.ulp(exact));
        }
        // StrictMath itself is within 1 ulp.
        assertThat(worst).isLessThanOrEqualTo(2);
    }

    @Test
    void expAtTheEdges() {
        double[] x = {0, -0.0, Double.NEGATIVE_INFINITY, -709, -1e300, Double.NaN, -1e-320, -1};
        Softmax.exp(x, x.length);
        assertThat(x[0]).isEqualTo(1);
        assertThat(x[1]).isEqualTo(1);
        assertThat(x[2]).isZero();
        assertThat(x[3]).isZero();
        assertThat(x[4]).isZero();
        assertThat(x[5]).isNaN();
        assertThat(x[6]).isEqualTo(1);
        assertThat(x[7]).isCloseTo(1 / Math.E, within(1e-16));
    }

    @Test
    void expIsTheSameBeforeAndAfterCompilation() {
        double[] start = {-0.3, -1.7, -20.1, -0.001, -3.3, -99.9, -500.1, -0.77};
        double[] first = start.clone();
        Softmax.exp(first, first.length);
        for (int i = 0; i < 50_000; i++) {
            double[] again = start.clone();
            Softmax.exp(again, again.length);
            assertThat(again).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,10,1", "5,13,30", "32,10,700", "7,1,5", "2,100,2000"})
    void softmaxOfAnyShape(int rows, int width, double spread) {
        SplittableRandom random = new SplittableRandom(rows + width);
        double[] x = new double[rows * width];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextDouble(-spread, spread);
        }
        double[] found = x.clone();
        double[] logSums = new double[rows];
        new Softmax(x.length).apply(found, rows, width, logSums);
        for (int row = 0; row < rows; row++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = row * width; j < (row + 1) * width; j++) {
                max = Math.max(max, x[j]);
            }
            double sum = 0;
            for (int j = row * width; j < (row + 1) * width; j++) {
                sum += StrictMath.exp(x[j] - max);
            }
            double total = 0;
            for (int j = row * width; j < (row + 1) * width; j++) {
                double exact = StrictMath.exp(x[j] - max) / sum;
                assertThat(found[j]).isCloseTo(exact, within(1e-300 + 1e-14 * exact));
                total += found[j];
            }
            assertThat(total).isCloseTo(1, within(1e-14 * width));
            assertThat(logSums[row])
                    .isCloseTo(max + StrictMath.log(sum), within(1e-13 * (1 + Math.abs(max))));
        }
    }

    @Test
    void anUndefinedNumberIsNotHidden() {
        double[] x = {0, Double.NaN, 1, 2, 3, 4};
        new Softmax(x.length).apply(x, 2, 3, null);
        assertThat(x[0]).isNaN();
        assertThat(x[1]).isNaN();
        assertThat(x[3] + x[4] + x[5]).isCloseTo(1, within(1e-15));
    }
}
