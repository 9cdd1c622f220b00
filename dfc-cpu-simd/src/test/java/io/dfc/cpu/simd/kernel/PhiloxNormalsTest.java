package io.dfc.cpu.simd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.noise.Philox;

import org.junit.jupiter.api.Test;

class PhiloxNormalsTest {
    private static final long SEED = 0x9876_5432_1234_ABCDL;
    private static final double TOLERANCE = 0x1p-20;

    private final PhiloxNormals normals = new PhiloxNormals();

    @Test
    void integersAreThoseOfTheReference() {
        int[] expected = new int[4];
        for (int first : new int[] {0, 1, 77, 100_000}) {
            for (int step : new int[] {0, 46, -1}) {
                int[] words = normals.neuronWords(SEED, first, 0xF00FF00F, step, 123_456).clone();
                for (int lane = 0; lane < Simd.LANES; lane++) {
                    Philox.block(
                            first + lane,
                            0xF00FF00F,
                            step,
                            123_456,
                            (int) SEED,
                            (int) (SEED >>> 32),
                            expected,
                            0);
                    for (int w = 0; w < 4; w++) {
                        assertThat(words[w * PhiloxNormals.WIDTH + lane]).isEqualTo(expected[w]);
                    }
                }
            }
        }
    }

    @Test
    void numbersLieWithinTheStatedDistanceOfTheReference() {
        int count = 300_003;
        double[] expected = new double[count];
        Philox.normals(SEED, 5, 3, 9, expected, 0, count, new int[4]);
        float[] found = new float[count + 4];
        normals.fill(SEED, 5, 3, 9, found, 2, count);
        for (int i = 0; i < count; i++) {
            assertThat((double) found[2 + i]).isCloseTo(expected[i], within(TOLERANCE));
        }
        assertThat(found[0]).isZero();
        assertThat(found[1]).isZero();
        assertThat(found[count + 2]).isZero();
        assertThat(found[count + 3]).isZero();
    }

    @Test
    void stepsInARowGiveTheSameNumbersAsOneStepAtATime() {
        int neurons = 13;
        int steps = 47;
        int stride = Simd.roundUp(steps, Simd.LANES) + 3;
        float[] rows = new float[Simd.roundUp(neurons, 4) * stride];
        normals.fillSteps(SEED, 7, 100, steps, 2, rows, 0, stride, neurons);
        float[] one = new float[neurons];
        for (int step = 0; step < steps; step++) {
            normals.fill(SEED, 7, 100 + step, 2, one, 0, neurons);
            for (int n = 0; n < neurons; n++) {
                assertThat(rows[n * stride + step]).isEqualTo(one[n]);
            }
        }
    }

    @Test
    void samplesSideBySideGetTheSameNumbersAsOneSampleAtATime() {
        for (int width = Simd.LANES; width <= Simd.TILE; width *= 2) {
            for (int neurons : new int[] {1, 13, 50, 301}) {
                float[] rows = new float[7 + Simd.roundUp(neurons, 4) * width];
                normals.fillSamples(SEED, 0xF00FF00F, 31, 2, width, rows, 7, neurons);
                float[] one = new float[neurons];
                for (int s = 0; s < width; s++) {
                    normals.fill(SEED, 0xF00FF00F + s, 31, 2, one, 0, neurons);
                    for (int n = 0; n < neurons; n++) {
                        assertThat(rows[7 + n * width + s]).isEqualTo(one[n]);
                    }
                }
            }
        }
    }
}
