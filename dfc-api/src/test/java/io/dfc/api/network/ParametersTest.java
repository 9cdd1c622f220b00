package io.dfc.api.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ParametersTest {
    private static final Tensor W = Tensor.zeros(ElementType.F64, 2, 3);
    private static final Tensor B = Tensor.zeros(ElementType.F64, 2);
    private static final Tensor Q = Tensor.zeros(ElementType.F64, 2, 2);

    @Test
    void groupsAreSortedAndThoseWithoutTensorsLeftOut() {
        Parameters parameters =
                new Parameters(Map.of("b", List.of(B), "idle", List.of(), "W", List.of(W)));
        assertThat(parameters.groups().keySet()).containsExactly("W", "b");
        assertThat(parameters.group("idle")).isEmpty();
        assertThat(Parameters.of(List.of(W), List.of()).groups().keySet()).containsExactly("W");
    }

    @Test
    void theNamedGroupsAreThoseOfTheNetwork() {
        Parameters parameters = Parameters.of(List.of(W), List.of(B), List.of(Q));
        assertThat(parameters.weights()).containsExactly(W);
        assertThat(parameters.biases()).containsExactly(B);
        assertThat(parameters.feedback()).containsExactly(Q);
        assertThat(parameters.groups().keySet()).containsExactly("Q", "W", "b");
    }

    @Test
    void listsAreCopiedAndTensorsShared() {
        List<Tensor> weights = new ArrayList<>(List.of(W));
        Parameters parameters = new Parameters(Map.of("W", weights));
        weights.clear();
        assertThat(parameters.weights()).hasSize(1);
        assertThat(parameters.weights().getFirst()).isSameAs(W);
        assertThatThrownBy(() -> parameters.groups().remove("W"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aCopySharesNothing() {
        Parameters parameters = Parameters.of(List.of(W.copy()), List.of(), List.of(Q.copy()));
        Parameters copy = parameters.copy();
        assertThat(copy).isEqualTo(parameters);
        copy.weights().getFirst().set(0, 1);
        assertThat(parameters.weights().getFirst().get(0)).isZero();
    }

    @Test
    void someGroupsAreThoseThatAreThere() {
        Parameters parameters = Parameters.of(List.of(W), List.of(B), List.of(Q));
        assertThat(parameters.only(List.of("W", "V")).groups().keySet()).containsExactly("W");
        assertThat(parameters.groups()).hasSize(3);
    }

    @Test
    void feedbackWeightsMayBeMissingAndWeightsMayNot() {
        Network network = Network.of(new Activation.Tanh(), 3, 2);
        Parameters without = Parameters.of(List.of(W), List.of(B));
        assertThat(without.requireFit(network)).isSameAs(without);
        assertThatThrownBy(() -> new Parameters(Map.of("b", List.of(B))).requireFit(network))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("W: expected 1 tensors, got 0");
        assertThatThrownBy(
                        () -> Parameters.of(List.of(W), List.of(B), List.of(W)).requireFit(network))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("Q[0]");
    }
}
