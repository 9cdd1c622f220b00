package io.dfc.algorithms.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class RecordCopyTest {
    @Test
    void oneComponentChanges() {
        ForwardSection defaults = ForwardSection.defaults();

        ForwardSection changed = RecordCopy.with(defaults, "momentum", 0.5);

        assertThat(changed.momentum()).isEqualTo(0.5);
        assertThat(RecordCopy.with(changed, "momentum", defaults.momentum())).isEqualTo(defaults);
    }

    @Test
    void aPartHasTheValuesOfTheWhole() {
        assertThat(RecordCopy.part(Even.class, new Numbers("some", List.of(2, 4))))
                .isEqualTo(new Even(List.of(2, 4)));
        assertThatThrownBy(() -> RecordCopy.part(Numbers.class, new Even(List.of(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Numbers is no part of Even");
    }

    public record Numbers(String name, List<Integer> values) {}

    @Test
    void aComponentThatThereIsNotIsNamed() {
        assertThatThrownBy(() -> RecordCopy.with(ForwardSection.defaults(), "pace", 1.0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ForwardSection has no component pace");
    }

    @Test
    void aValueThatIsRefusedIsNamed() {
        assertThatThrownBy(() -> RecordCopy.with(new Even(List.of(2)), "values", List.of(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Even refuses values [3]")
                .hasRootCauseMessage("odd");
    }

    public record Even(List<Integer> values) {
        public Even {
            if (values.stream().anyMatch(v -> v % 2 != 0)) {
                throw new IllegalArgumentException("odd");
            }
        }
    }
}
