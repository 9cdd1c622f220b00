package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a plan takes for its parameters. */
class PlanParametersTest {
    private static final Plan PLAN = plan();

    private static Plan plan() {
        Plan.Builder builder =
                Plan.builder(Network.of(new Activation.Tanh(), 3, 2), Loss.CROSS_ENTROPY, 1);
        builder.feedbackWeights();
        builder.group("V", List.of(new int[] {2}, new int[] {1, 4}));
        return builder.build();
    }

    private static Tensor zeros(int... shape) {
        return Tensor.zeros(ElementType.F64, shape);
    }

    private static Map<String, List<Tensor>> groups() {
        Map<String, List<Tensor>> groups = new TreeMap<>();
        groups.put("W", new ArrayList<>(List.of(zeros(2, 3))));
        groups.put("b", new ArrayList<>(List.of(zeros(2))));
        groups.put("Q", new ArrayList<>(List.of(zeros(2, 2))));
        groups.put("V", new ArrayList<>(List.of(zeros(2), zeros(1, 4))));
        return groups;
    }

    private static void requireFit(Map<String, List<Tensor>> groups, ElementType type) {
        PLAN.requireFit(new Parameters(groups), type);
    }

    @Test
    void whatFitsIsGivenBack() {
        Parameters parameters = new Parameters(groups());
        assertThat(PLAN.requireFit(parameters, ElementType.F32)).isSameAs(parameters);
    }

    @Test
    void aGroupThatIsMissingIsNamed() {
        for (String name : List.of("W", "b", "Q", "V")) {
            Map<String, List<Tensor>> groups = groups();
            int tensors = groups.remove(name).size();
            assertThatThrownBy(() -> requireFit(groups, ElementType.F64))
                    .isInstanceOf(ShapeMismatchException.class)
                    .hasMessage(name + ": expected " + tensors + " tensors, got 0");
        }
    }

    @Test
    void aGroupThatThePlanLacksIsNamed() {
        Map<String, List<Tensor>> groups = groups();
        groups.put("U", List.of(zeros(1)));
        assertThatThrownBy(() -> requireFit(groups, ElementType.F64))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("parameters: the plan has no group \"U\", only [W, b, Q, V]");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() {
        Map<String, List<Tensor>> groups = groups();
        groups.get("V").set(1, zeros(4, 1));
        assertThatThrownBy(() -> requireFit(groups, ElementType.F64))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("V[1]")
                .hasMessageContaining("[1, 4]");
    }

    @Test
    void aNumberThatIsNoneOrTooLargeIsNamed() {
        Map<String, List<Tensor>> groups = groups();
        groups.get("Q").getFirst().set(3, 1e300);
        requireFit(groups, ElementType.F64);
        assertThatThrownBy(() -> requireFit(groups, ElementType.F32))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("Q[0]");
        groups.get("Q").getFirst().set(3, Double.NaN);
        assertThatThrownBy(() -> requireFit(groups, ElementType.F64))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("Q[0]");
    }

    @Test
    void aPlanSelectsItsGroups() {
        Map<String, List<Tensor>> groups = groups();
        groups.put("U", List.of(zeros(1)));
        groups.remove("V");
        assertThat(PLAN.select(new Parameters(groups)).groups().keySet())
                .containsExactly("Q", "W", "b");
    }
}
