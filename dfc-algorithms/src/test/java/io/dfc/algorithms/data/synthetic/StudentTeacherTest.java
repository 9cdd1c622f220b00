package io.dfc.algorithms.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.api.network.Initialization;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class StudentTeacherTest {
    private static final long SEED = 42;
    private static final StudentTeacher SMALL =
            new StudentTeacher(5, 2, 9, 2, new SplitSizes(70, 10, 33));
    private static final DataSplits DATA = SMALL.generate(SEED);

    @Test
    void targetsAreTheTeachersOutputs() {
        double[][] weights = new double[3][];
        int[] widths = {5, 9, 9, 2};
        for (int layer = 0; layer < 3; layer++) {
            weights[layer] =
                    Initialization.TEACHER
                            .draw(
                                    widths[layer + 1],
                                    widths[layer],
                                    SEED ^ 0x7EAC_4E72_7EAC_4E72L,
                                    layer)
                            .doubles();
        }
        for (int sample : new int[] {0, 31, 32, 69}) {
            double[] rate = input(DATA.train(), sample);
            for (int layer = 0; layer < 3; layer++) {
                rate = apply(weights[layer], rate, layer < 2);
            }
            assertThat(target(DATA.train(), sample)).containsExactly(rate, within(1e-9));
        }
    }

    @Test
    void inputsFillTheIntervalFromMinusOneToOne() {
        double[] all = new double[70 * 5];
        int[] indices = new int[70];
        Arrays.setAll(indices, i -> i);
        DATA.train().copyInputs(indices, 0, 70, Rows.of(all, DATA.train().inputSize()));
        assertThat(Arrays.stream(all).min().orElseThrow()).isBetween(-1.0, -0.95);
        assertThat(Arrays.stream(all).max().orElseThrow()).isBetween(0.95, 1.0);
        assertThat(Arrays.stream(all).average().orElseThrow()).isCloseTo(0, within(0.1));
    }

    @Test
    void thePartsShareTheTeacherButNotTheInputs() {
        assertThat(input(DATA.train(), 0)).isNotEqualTo(input(DATA.test(), 0));
        assertThat(input(DATA.train(), 0)).isNotEqualTo(input(DATA.validation(), 0));
    }

    @Test
    void theSameSeedGivesTheSameData() {
        assertThat(SMALL.generate(SEED).fingerprint()).isEqualTo(DATA.fingerprint());
        assertThat(SMALL.generate(SEED + 1).fingerprint()).isNotEqualTo(DATA.fingerprint());
    }

    @Test
    void absurdSizesAreRefused() {
        assertThatThrownBy(() -> new StudentTeacher(0, 1, 1, 1, SMALL.sizes()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StudentTeacher(1, 1, 1_000_000, 1, SMALL.sizes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 1, 1, 1000000 and 1");
    }

    private static double[] apply(double[] weights, double[] rate, boolean rectify) {
        double[] out = new double[weights.length / rate.length];
        for (int o = 0; o < out.length; o++) {
            for (int i = 0; i < rate.length; i++) {
                out[o] += weights[o * rate.length + i] * rate[i];
            }
            out[o] = rectify ? Math.max(0, out[o]) : out[o];
        }
        return out;
    }

    private static double[] input(DataSet set, int sample) {
        double[] x = new double[5];
        set.copyInputs(new int[] {sample}, 0, 1, Rows.of(x, set.inputSize()));
        return x;
    }

    private static double[] target(DataSet set, int sample) {
        double[] y = new double[2];
        set.copyTargets(new int[] {sample}, 0, 1, Rows.of(y, set.outputSize()));
        return y;
    }
}
