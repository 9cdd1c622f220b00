package io.dfc.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.ShapeMismatchException;

import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void refusesAnArrayThatDoesNotFillTheShape() {
        assertThatThrownBy(() -> Tensor.wrap(new double[5], 2, 3))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("tensor of shape [2, 3] needs 6 elements, got 5");
    }

    @Test
    void refusesANegativeDimension() {
        assertThatThrownBy(() -> Tensor.wrap(new double[1], -1, -1))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("negative dimension");
    }

    @Test
    void suspectsATransposedMatrixInItsMessage() {
        assertThatThrownBy(() -> Tensor.wrap(new double[6], 2, 3).requireShape("W[0]", 3, 2))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("W[0]: expected shape [3, 2], got [2, 3] (transposed?)");
    }

    @Test
    void doesNotSuspectATransposedMatrixWhereTheNumbersDiffer() {
        assertThatThrownBy(() -> Tensor.wrap(new double[6], 2, 3).requireShape("W[0]", 3, 3))
                .hasMessage("W[0]: expected shape [3, 3], got [2, 3]");
    }

    @Test
    void sharesAWrappedArrayAndCopiesOneGivenToOf() {
        double[] data = {1, 2};
        Tensor shared = Tensor.wrap(data, 2);
        Tensor copied = Tensor.of(data, 2);
        data[0] = 9;
        assertThat(shared.get(0)).isEqualTo(9);
        assertThat(copied.get(0)).isEqualTo(1);
    }

    @Test
    void differsFromATensorOfAnotherTypeOrShape() {
        Tensor tensor = Tensor.zeros(ElementType.F64, 2, 2);
        assertThat(tensor)
                .isEqualTo(tensor.copy())
                .isNotEqualTo(Tensor.zeros(ElementType.F32, 2, 2))
                .isNotEqualTo(Tensor.zeros(ElementType.F64, 4));
    }

    @Test
    void seesAnInfinityAnywhere() {
        assertThat(Tensor.wrap(new float[] {0, 1}, 2).isFinite()).isTrue();
        assertThat(Tensor.wrap(new float[] {0, Float.POSITIVE_INFINITY}, 2).isFinite()).isFalse();
        assertThat(Tensor.wrap(new double[] {Double.NaN, 1}, 2).isFinite()).isFalse();
    }
}
