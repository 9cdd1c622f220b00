package io.dfc.algorithms.data.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

class CounterRandomTest {
    @Test
    void theSamePlaceGivesTheSameNumbers() {
        assertThat(draw(3, 1, 2)).isEqualTo(draw(3, 1, 2));
    }

    @Test
    void seedPurposeAndStreamEachGiveOtherNumbers() {
        assertThat(draw(3, 1, 2))
                .isNotEqualTo(draw(4, 1, 2))
                .isNotEqualTo(draw(3 + (1L << 32), 1, 2))
                .isNotEqualTo(draw(3, 2, 2))
                .isNotEqualTo(draw(3, 1, 3));
    }

    @Test
    void unitNumbersHaveTheMomentsOfAUniformDistribution() {
        CounterRandom random = new CounterRandom(1, 0, 0);
        double[] u = IntStream.range(0, 100_000).mapToDouble(i -> random.unit()).toArray();
        assertThat(IntStream.range(0, u.length).mapToDouble(i -> u[i]).average().orElseThrow())
                .isCloseTo(0.5, within(0.005));
        assertThat(
                        IntStream.range(0, u.length)
                                .mapToDouble(i -> u[i] * u[i])
                                .average()
                                .orElseThrow())
                .isCloseTo(1 / 3.0, within(0.005));
        assertThat(Arrays.stream(u)).allMatch(x -> x >= 0 && x < 1);
    }

    @Test
    void aPermutationHoldsEveryIndexOnce() {
        assertThat(new CounterRandom(5, 0, 0).permutation(100))
                .containsExactlyInAnyOrder(IntStream.range(0, 100).toArray())
                .isNotEqualTo(IntStream.range(0, 100).toArray());
    }

    @Test
    void everyPermutationOfThreeIsAboutAsLikely() {
        int[] counts = new int[27];
        for (int i = 0; i < 6000; i++) {
            int[] p = new CounterRandom(5, 0, i).permutation(3);
            counts[9 * p[0] + 3 * p[1] + p[2]]++;
        }
        assertThat(Arrays.stream(counts).filter(count -> count > 0))
                .hasSize(6)
                .allMatch(count -> count > 850 && count < 1150);
    }

    private static double[] draw(long seed, int purpose, int stream) {
        CounterRandom random = new CounterRandom(seed, purpose, stream);
        return new double[] {random.unit(), random.unit(), random.unit()};
    }
}
