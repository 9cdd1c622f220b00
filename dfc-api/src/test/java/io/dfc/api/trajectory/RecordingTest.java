package io.dfc.api.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

class RecordingTest {
    private static final Set<Variable> CONTROL = Set.of(Variable.CONTROL);

    private static Recording at(Integer... points) {
        return new Recording(CONTROL, List.of(points), false);
    }

    @Test
    void timePointsRiseFromZeroOn() {
        assertThat(at(0, 1, 7).timePoints()).containsExactly(0, 1, 7);
        for (Integer[] points : new Integer[][] {{-1}, {0, 0}, {3, 2}}) {
            assertThatThrownBy(() -> at(points))
                    .isInstanceOf(BadConfigurationException.class)
                    .hasMessageContaining(
                            "time points must rise from 0 on, got " + List.of(points));
        }
    }

    @Test
    void nothingIsRecordedWithoutVariablesOrPoints() {
        assertThat(Recording.none().isActive()).isFalse();
        assertThat(at().isActive()).isFalse();
        assertThat(new Recording(Set.of(), List.of(1), false).isActive()).isFalse();
        assertThat(at(1).isActive()).isTrue();
    }

    @Test
    void whatIsAskedDoesNotChangeAfterwards() {
        Set<Variable> variables = EnumSet.of(Variable.RATE);
        Recording recording = new Recording(variables, List.of(0), true);
        variables.add(Variable.CONTROL);
        assertThat(recording.variables()).containsExactly(Variable.RATE);
        Recording simulated = recording.from(Recording.Source.SIMULATION);
        assertThat(recording.source()).isEqualTo(Recording.Source.SOLVER);
        assertThat(simulated.source()).isEqualTo(Recording.Source.SIMULATION);
        assertThat(simulated.from(Recording.Source.SOLVER)).isEqualTo(recording);
    }

    /** A solver without time has two points; a simulation beside it has those of the dynamics. */
    @ParameterizedTest
    @CsvSource({"SOLVER, 1", "SIMULATION, 9"})
    void pointsAreThoseOfTheSource(Recording.Source source, int last) {
        Plan.Builder builder =
                Plan.builder(Network.of(new Activation.Tanh(), 2, 2), Loss.CROSS_ENTROPY, 1);
        LoopHandle loop =
                builder.loop(
                        "loop",
                        new LoopPhase(
                                        builder.feedbackWeights(),
                                        new OutputTarget.Nudge(0.1),
                                        new ProportionalIntegralController(1, 0.1),
                                        new Dynamics(0.1, 10, 0.2))
                                .withSolver(new Solver.SteadyState()));
        try (Backend backend =
                        Backends.discover()
                                .select("reference", BackendOptions.defaults(), List.of())
                                .backend();
                Engine engine = backend.compile(builder.build())) {
            engine.forward(
                    new Minibatch(
                            Tensor.wrap(new double[2], 1, 2), new Targets.Labels(new int[1])));
            Recording within = at(last).from(source);
            assertThatCode(() -> engine.run(loop, Noise.none(), within).trajectory())
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> engine.run(loop, Noise.none(), at(last + 1).from(source)))
                    .isInstanceOf(BadConfigurationException.class)
                    .hasMessageContaining(
                            "time point %d lies beyond the last one, %d", last + 1, last);
            assertThatThrownBy(() -> engine.run(loop, Noise.none()).trajectory())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("run it with a recording");
        }
    }
}
