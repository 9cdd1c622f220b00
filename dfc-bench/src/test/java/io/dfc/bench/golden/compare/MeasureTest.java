package io.dfc.bench.golden.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasureTest {
    @Test
    void relativeErrorIsLargestDifferenceOverLargestExpectedValue() {
        double error = Measure.RELATIVE.error(vector(1, -4, 2), vector(1.1, -4, 1.8));

        assertThat(error).isCloseTo(0.2 / 4, within(1e-15));
    }

    @Test
    void relativeErrorIsAbsoluteWhereAllExpectedValuesAreZero() {
        assertThat(Measure.RELATIVE.error(vector(0, 0), vector(0, -3e-5))).isEqualTo(3e-5);
    }

    @Test
    void absoluteErrorIsNotScaled() {
        assertThat(Measure.ABSOLUTE.error(vector(100, 0), vector(100.5, 0.25))).isEqualTo(0.5);
    }

    @Test
    void cosineErrorComparesCosinesOfDegrees() {
        assertThat(Measure.COSINE.error(vector(60, 0), vector(90, 0)))
                .isCloseTo(0.5, within(1e-15));
    }

    @Test
    void cosineErrorDoesNotSeeTheSignOfAnAngle() {
        assertThat(Measure.COSINE.error(vector(30), vector(-30))).isZero();
    }

    @Test
    void exactErrorCountsDifferingEntries() {
        assertThat(Measure.EXACT.error(vector(1, 0, 1, 7), vector(0, 0, 1, 8))).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void equalTensorsHaveNoError(Measure measure) {
        assertThat(measure.error(vector(0, 1, -2.5), vector(0, 1, -2.5))).isZero();
    }

    @ParameterizedTest
    @EnumSource(value = Measure.class, mode = EnumSource.Mode.EXCLUDE, names = "EXACT")
    void computedNaNIsInfinitelyFar(Measure measure) {
        assertThat(measure.error(vector(1, 2), vector(1, Double.NaN))).isInfinite();
    }

    @ParameterizedTest
    @EnumSource(value = Measure.class, mode = EnumSource.Mode.EXCLUDE, names = "EXACT")
    void computedInfinityIsInfinitelyFar(Measure measure) {
        assertThat(measure.error(vector(1, 2), vector(1, Double.NEGATIVE_INFINITY))).isInfinite();
    }

    @Test
    void exactErrorCountsNaN() {
        assertThat(Measure.EXACT.error(vector(1, 2), vector(1, Double.NaN))).isEqualTo(1);
    }

    @Test
    void scalarsCompareLikeTensors() {
        Tensor expected = Tensor.of(new double[] {2});

        assertThat(Measure.RELATIVE.error(expected, Tensor.of(new double[] {2.5}))).isEqualTo(0.25);
    }

    @Test
    void differentShapesAreAnError() {
        assertThatThrownBy(() -> Measure.ABSOLUTE.error(vector(1, 2), vector(1)))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("expected shape [2], got [1]");
    }

    private static Tensor vector(double... values) {
        return Tensor.of(values, values.length);
    }
}
