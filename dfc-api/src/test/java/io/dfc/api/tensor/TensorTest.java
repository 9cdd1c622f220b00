package io.dfc.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.noise.Noise;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

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

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1, -1e-320, Float.MAX_VALUE, -Float.MAX_VALUE})
    void finiteNumbersFit(double x) {
        assertThat(Tensor.wrap(new double[] {1, x, 2}, 3).fits(ElementType.F32)).isTrue();
        assertThat(Tensor.wrap(new float[] {1, (float) x, 2}, 3).fits(ElementType.F32)).isTrue();
        assertThat(Tensor.wrap(new double[] {1, x, 2}, 3).isFinite()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
            })
    void numbersThatAreNoneFitNothing(double x) {
        for (int at = 0; at < 3; at++) {
            double[] doubles = new double[3];
            float[] floats = new float[3];
            doubles[at] = x;
            floats[at] = (float) x;
            for (ElementType type : ElementType.values()) {
                assertThat(Tensor.wrap(doubles, 3).fits(type)).isFalse();
                assertThat(Tensor.wrap(floats, 3).fits(type)).isFalse();
            }
            assertThat(Tensor.wrap(doubles, 3).isFinite()).isFalse();
        }
    }

    @Test
    void aNaNOfEitherSignAndAnyPayloadIsSeen() {
        double[] x = {Double.longBitsToDouble(0xFFF0_0000_0000_0001L)};
        float[] y = {Float.intBitsToFloat(0xFF80_0001)};
        assertThat(Tensor.wrap(x, 1).isFinite()).isFalse();
        assertThat(Tensor.wrap(y, 1).isFinite()).isFalse();
    }

    @Test
    void whatFloat32CannotHoldIsNamedWithItsPlace() {
        Tensor large = Tensor.wrap(new double[] {0, 0, 0, 0, 0, -1e39}, 2, 3);
        assertThat(large.fits(ElementType.F64)).isTrue();
        assertThat(large.requireFit("x", ElementType.F64)).isSameAs(large);
        assertThatThrownBy(() -> large.requireFit("minibatch inputs", ElementType.F32))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        "minibatch inputs: expected finite numbers, got -1.0E39 at [1, 2], beyond"
                                + " what F32 holds");
        assertThatThrownBy(
                        () ->
                                new Noise.Recorded(
                                        List.of(
                                                Tensor.wrap(new float[2], 2),
                                                Tensor.wrap(new float[] {0, Float.NaN}, 2))))
                .isInstanceOf(BadDataException.class)
                .hasMessage("recorded noise of layer 1: expected finite numbers, got NaN at [1]");
    }
}
