package io.dfc.api.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** The generator's published test vectors, and the statistics of what is made of them. */
class PhiloxTest {
    @Test
    void givesThePublishedBlockOfZeros() {
        assertThat(block(0, 0, 0, 0, 0, 0))
                .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void givesThePublishedBlockOfOnes() {
        assertThat(block(-1, -1, -1, -1, -1, -1))
                .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void givesThePublishedBlockOfPi() {
        assertThat(block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void givesStandardNormalNumbers() {
        int count = 200_000;
        double[] values = normals(7, count);
        double mean = 0;
        for (double v : values) {
            mean += v / count;
        }
        double variance = 0;
        double fourth = 0;
        for (double v : values) {
            variance += (v - mean) * (v - mean) / count;
            fourth += Math.pow(v - mean, 4) / count;
        }
        // Five standard errors: 1, sqrt(2) and sqrt(24) over sqrt(count).
        double error = 5 / Math.sqrt(count);
        assertThat(mean).isCloseTo(0, within(error));
        assertThat(variance).isCloseTo(1, within(Math.sqrt(2) * error));
        assertThat(fourth / (variance * variance)).isCloseTo(3, within(Math.sqrt(24) * error));
    }

    @Test
    void givesANeuronTheSameNumberHoweverManyFollow() {
        assertThat(normals(7, 5)).containsExactly(Arrays.copyOf(normals(7, 8), 5));
    }

    @Test
    void usesBothWordsOfTheSeed() {
        assertThat(normals(1, 4)).isNotEqualTo(normals(1L << 32 | 1, 4));
    }

    @Test
    void keepsPhaseLayerAndSampleApart() {
        assertThat(Philox.place(Philox.PHASE_FEEDBACK, 0xAB, 0xCDEF1)).isEqualTo(0x1ABCDEF1);
        assertThat(Philox.place(Philox.PHASE_PROGRAM, 0xFF, 0xFFFFF)).isEqualTo(0x3FFFFFFF);
        assertThat(Philox.place(Philox.PHASE_PARAMETERS, 0, 0)).isEqualTo(0x40000000);
    }

    @Test
    void givesEveryPhaseNumbersOfItsOwn() {
        List<Integer> phases =
                List.of(
                        Philox.PHASE_CONTROL,
                        Philox.PHASE_FEEDBACK,
                        Philox.PHASE_INITIALIZATION,
                        Philox.PHASE_PROGRAM,
                        Philox.PHASE_PARAMETERS);

        assertThat(phases).containsExactly(0, 1, 2, 3, 4);
        assertThat(phases.stream().map(phase -> Philox.place(phase, 7, 9))).doesNotHaveDuplicates();
    }

    private static double[] normals(long seed, int count) {
        double[] values = new double[count];
        Philox.normals(seed, Philox.place(0, 0, 0), 0, 0, values, 0, count, new int[4]);
        return values;
    }

    private static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
        int[] out = new int[4];
        Philox.block(c0, c1, c2, c3, k0, k1, out, 0);
        return out;
    }
}
