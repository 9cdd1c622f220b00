package io.dfc.algorithms.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class GlyphsTest {
    private static final int PIXELS = 784;
    private static final DataSplits SPLITS =
            Glyphs.generate(new SplitSizes(2000, 0, 500), Glyphs.DEFAULT_SEED);

    @Test
    void theImagesAreTheSameOnEveryMachine() {
        DataSplits few = Glyphs.generate(new SplitSizes(100, 20, 30), Glyphs.DEFAULT_SEED);
        assertThat(few.fingerprint()).isEqualTo("b4186a5250e01c73");
    }

    @Test
    void theFirstImagesDoNotDependOnTheirNumber() {
        DataSplits few = Glyphs.generate(new SplitSizes(100, 1, 1), Glyphs.DEFAULT_SEED);
        assertThat(few.train().fingerprint()).isEqualTo(SPLITS.train().limit(100).fingerprint());
    }

    @Test
    void theGenerationSeedChangesTheImages() {
        SplitSizes sizes = new SplitSizes(20, 0, 10);
        assertThat(Glyphs.generate(sizes, 1).fingerprint())
                .isNotEqualTo(Glyphs.generate(sizes, 2).fingerprint());
    }

    @Test
    void thePartsDiffer() {
        DataSplits parts = Glyphs.generate(new SplitSizes(20, 20, 20), Glyphs.DEFAULT_SEED);
        assertThat(parts.train().fingerprint())
                .isNotEqualTo(parts.validation().fingerprint())
                .isNotEqualTo(parts.test().fingerprint());
        assertThat(parts.validation().fingerprint()).isNotEqualTo(parts.test().fingerprint());
    }

    @Test
    void classesAreBalanced() {
        int[] counts = new int[10];
        IntStream.range(0, 500).forEach(i -> counts[SPLITS.test().label(i)]++);
        assertThat(counts).containsOnly(50);
    }

    @Test
    void inputsAreStandardised() {
        double[] x = inputs(SPLITS.train());
        double mean = IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
        double power =
                IntStream.range(0, x.length).mapToDouble(i -> x[i] * x[i]).average().orElseThrow();
        assertThat(mean).isBetween(-0.02, 0.02);
        assertThat(power).isBetween(0.96, 1.04);
    }

    /**
     * The nearest neighbour bends its borders and a linear classifier cannot; the gap is what the
     * data set is made for. (On all 10 000 training images logistic regression stays at 13 % test
     * error, where a network of three hidden layers reaches 2 %.)
     */
    @Test
    void aLinearClassifierStaysClearlyBehind() {
        double linear = linearError(SPLITS);
        double nearest = nearestNeighbourError(SPLITS);
        assertThat(linear).isGreaterThan(0.15);
        assertThat(nearest).isLessThan(linear - 0.05);
    }

    private static double[] inputs(DataSet set) {
        double[] x = new double[set.size() * PIXELS];
        set.copyInputs(
                IntStream.range(0, set.size()).toArray(),
                0,
                set.size(),
                Rows.of(x, set.inputSize()));
        return x;
    }

    /**
     * Logistic regression by plain gradient descent, one sample at a time, with a shrinking step.
     */
    private static double linearError(DataSplits data) {
        double[] x = inputs(data.train());
        double[] weights = new double[10 * (PIXELS + 1)];
        for (int epoch = 0; epoch < 12; epoch++) {
            double step = 0.002 / (1 + epoch);
            for (int i = 0; i < data.train().size(); i++) {
                double[] p = scores(weights, x, i);
                double sum = 0;
                for (int c = 0; c < 10; c++) {
                    p[c] = Math.exp(Math.min(50, p[c]));
                    sum += p[c];
                }
                for (int c = 0; c < 10; c++) {
                    double slope = p[c] / sum - (c == data.train().label(i) ? 1 : 0);
                    int row = c * (PIXELS + 1);
                    for (int k = 0; k < PIXELS; k++) {
                        weights[row + k] -= step * slope * x[i * PIXELS + k];
                    }
                    weights[row + PIXELS] -= step * slope;
                }
            }
        }
        double[] t = inputs(data.test());
        return IntStream.range(0, data.test().size())
                        .filter(i -> argMax(scores(weights, t, i)) != data.test().label(i))
                        .count()
                / (double) data.test().size();
    }

    private static double[] scores(double[] weights, double[] x, int sample) {
        double[] scores = new double[10];
        for (int c = 0; c < 10; c++) {
            int row = c * (PIXELS + 1);
            double sum = weights[row + PIXELS];
            for (int k = 0; k < PIXELS; k++) {
                sum += weights[row + k] * x[sample * PIXELS + k];
            }
            scores[c] = sum;
        }
        return scores;
    }

    private static int argMax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double nearestNeighbourError(DataSplits data) {
        double[] x = inputs(data.train());
        double[] t = inputs(data.test());
        return IntStream.range(0, data.test().size())
                        .filter(i -> data.train().label(nearest(x, t, i)) != data.test().label(i))
                        .count()
                / (double) data.test().size();
    }

    private static int nearest(double[] x, double[] t, int sample) {
        int best = 0;
        double bestDistance = Double.POSITIVE_INFINITY;
        for (int j = 0; j < x.length / PIXELS; j++) {
            double distance = 0;
            for (int k = 0; k < PIXELS; k++) {
                double d = x[j * PIXELS + k] - t[sample * PIXELS + k];
                distance += d * d;
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = j;
            }
        }
        return best;
    }
}
