package io.dfc.api.testkit.agreement;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows of a trajectory: two points of a strong and a weak sample, two neurons each. */
class ComparisonsTest {
    private static final Observations.Grid GRID = new Observations.Grid(2, 2);
    private static final double[] EXPECTED = {100, 50, 1, 0.5, 80, 40, 0.01, 0.002};

    private static double[] off(int at, double by) {
        double[] actual = EXPECTED.clone();
        actual[at] += by;
        return actual;
    }

    private static void compare(double[] actual) {
        Comparisons.assertTrajectory("v", GRID, EXPECTED, actual, 1e-4);
    }

    @Test
    void aWeakSampleIsHeldToItsOwnSize() {
        assertThatCode(() -> compare(off(0, 5e-3))).doesNotThrowAnyException();
        assertThatThrownBy(() -> compare(off(2, 5e-3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("v of sample 1 at recorded point 0 is off by");
    }

    @Test
    void aWeakTimePointIsHeldToItsOwnSizeAndALittleOfTheSamples() {
        assertThatCode(() -> compare(off(6, 1.9e-6))).doesNotThrowAnyException();
        assertThatThrownBy(() -> compare(off(6, 2.1e-6)))
                .hasMessageContaining("sample 1 at recorded point 1");
    }

    @Test
    void whatIsZeroThroughoutStaysZero() {
        double[] zeros = new double[4];
        double[] tiny = {0, 0, 1e-30, 0};
        Observations.Grid grid = new Observations.Grid(2, 1);
        assertThatCode(() -> Comparisons.assertTrajectory("u", grid, zeros, zeros, 1e-4))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Comparisons.assertTrajectory("u", grid, zeros, tiny, 1e-4))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aNumberThatIsNoneIsNeverRight() {
        assertThatThrownBy(() -> compare(off(1, Double.NaN))).isInstanceOf(AssertionError.class);
    }
}
