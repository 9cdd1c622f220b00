package io.dfc.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.ShapeMismatchException;

import org.junit.jupiter.api.Test;

class RowsTest {
    private static final float NONE = Float.NaN;

    @Test
    void rowsAreReadWithoutWhatLiesBetweenThem() {
        Rows padded = new Rows.F32(new float[] {1, 2, NONE, 3, 4, NONE, NONE, NONE}, 2, 3);

        assertThat(padded.fit(2, ElementType.F32)).isTrue();
        assertThat(padded.toTensor(2)).isEqualTo(Tensor.wrap(new float[] {1, 2, 3, 4}, 2, 2));
        assertThat(padded.fit(3, ElementType.F32)).isFalse();
    }

    @Test
    void numbersBeyondFloat32FitFloat64Alone() {
        Rows rows = Rows.of(new double[] {1, 1e39}, 1);

        assertThat(rows.fit(2, ElementType.F64)).isTrue();
        assertThat(rows.fit(2, ElementType.F32)).isFalse();
        assertThat(rows.fit(1, ElementType.F32)).isTrue();
    }

    @Test
    void theLastRowNeedsNoPadding() {
        Rows rows = new Rows.F64(new double[8], 2, 3);

        assertThatCode(() -> rows.requireRoom("inputs", 3, 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> rows.requireRoom("inputs", 4, 2))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage(
                        "inputs: expected room for 4 rows of 2, got rows of 2, 3 apart, in 8"
                                + " numbers");
        assertThatThrownBy(() -> rows.requireRoom("inputs", 1, 3))
                .isInstanceOf(ShapeMismatchException.class);
    }

    @Test
    void rowsThatOverlapAreRefused() {
        assertThatThrownBy(() -> new Rows.F32(new float[9], 3, 2))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("got 3 and 2");
    }
}
