package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users' code says of itself is looked at when the plan is built. */
class UserCodeSettingsTest {
    private record Own(int size, double leakage) implements Controller {
        @Override
        public int stateSize(int outputs) {
            return size;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {}
    }

    private record OwnRule(int size) implements LearningRule {
        @Override
        public int stateSize(int width) {
            return size;
        }

        @Override
        public void postsynapticFactor(Activation activation, LayerTile tile) {}
    }

    private static Plan plan(Controller controller, LearningRule rule) {
        Plan.Builder builder =
                Plan.builder(Network.of(new Activation.Tanh(), 2, 3, 2), Loss.CROSS_ENTROPY, 1);
        builder.loop(
                "control",
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(0.1),
                        controller,
                        new Dynamics(0.1, 10, 0.2),
                        new ForwardPlasticity(ForwardPlasticity.Mode.CONTINUOUS, rule)));
        return builder.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void sizesOutOfRangeNameTheClass(int size) {
        assertThatThrownBy(() -> plan(new Own(size, 0), DfcRule.DERIVATIVE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(Own.class.getName())
                .hasMessageContaining("stateSize")
                .hasMessageEndingWith("got " + size);
        assertThatThrownBy(() -> plan(new ProportionalIntegralController(1, 0), new OwnRule(size)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(OwnRule.class.getName())
                .hasMessageEndingWith("got " + size);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aLeakageOutOfRangeNamesTheClass(double leakage) {
        assertThatThrownBy(() -> plan(new Own(0, leakage), DfcRule.DERIVATIVE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(Own.class.getName())
                .hasMessageContaining("leakage")
                .hasMessageEndingWith("got " + leakage);
    }

    @Test
    void soundCodeIsTaken() {
        assertThat(plan(new Own(4, 0.1), new OwnRule(3)).loops()).hasSize(1);
    }
}
