package io.dfc.api.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** The reduced-order trajectory is the simulated one, to first order in the nudge. */
class ReducedOrderRecordingTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 6, 9, 7, 3);
    private static final int SAMPLES = 4;
    private static final Dynamics DYNAMICS = new Dynamics(0.05, 80, 0.2, 0.3, true, false, false);

    private static final Recording BOTH =
            new Recording(
                    Set.of(Variable.CONTROL, Variable.ERROR_NORM), List.of(0, 1, 5, 79), false);

    private static Trajectory record(
            double nudge, UnaryOperator<LoopPhase> altered, Recording recording) {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, SAMPLES);
        LoopPhase phase =
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(nudge),
                        new ProportionalIntegralController(1.5, 0.1),
                        DYNAMICS);
        LoopHandle loop = builder.loop("control", altered.apply(phase));
        Plan plan = builder.build();
        double[] x = new SplittableRandom(1).doubles(SAMPLES * 6L, -1, 1).toArray();
        try (Backend backend =
                        Backends.discover()
                                .select("reference", BackendOptions.defaults(), List.of(plan))
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(
                    new EngineState(
                            ParameterInitializer.draw(
                                    NETWORK,
                                    Initialization.XAVIER_NORMAL,
                                    new FeedbackInitialization.WeightProduct(0.1),
                                    1)));
            engine.forward(
                    new Minibatch(
                            Tensor.wrap(x, SAMPLES, 6),
                            new Targets.Labels(new int[] {2, 0, 1, 1})));
            return engine.run(loop, new Noise.Generated(1, 1), recording).trajectory();
        }
    }

    /** Largest difference of the two trajectories of a variable, relative to the largest value. */
    private static double difference(double nudge, Variable variable) {
        Tensor simulated = record(nudge, p -> p, BOTH).values().get(variable).getFirst();
        Trajectory reduced = record(nudge, p -> p, BOTH.from(Recording.Source.REDUCED_ORDER));
        assertThat(reduced.source()).isEqualTo(Recording.Source.REDUCED_ORDER);
        assertThat(reduced.timePoints()).isEqualTo(BOTH.timePoints());
        Tensor found = reduced.values().get(variable).getFirst();
        double largest = 0;
        double error = 0;
        for (int k = 0; k < simulated.size(); k++) {
            largest = Math.max(largest, Math.abs(simulated.get(k)));
            error = Math.max(error, Math.abs(simulated.get(k) - found.get(k)));
        }
        return error / largest;
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONTROL", "ERROR_NORM"})
    void itsErrorFallsAsTheNudgeDoes(Variable variable) {
        double large = difference(1e-3, variable);
        double small = difference(1e-4, variable);

        assertThat(large).isBetween(1e-6, 1e-2);
        assertThat(large / small).isCloseTo(10, within(1.0));
    }

    @Test
    void autoAndSteadyStatesHaveItToo() {
        Recording reduced = BOTH.from(Recording.Source.REDUCED_ORDER);
        Trajectory expected = record(1e-3, p -> p, reduced);

        for (Solver solver : List.of(new Solver.Auto(), new Solver.SteadyState())) {
            assertThat(record(1e-3, p -> p.withSolver(solver), reduced)).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNotReducedIsRefusedWithTheReason() {
        Recording reduced = BOTH.from(Recording.Source.REDUCED_ORDER);
        Recording rates =
                new Recording(
                        Set.of(Variable.RATE), List.of(1), false, Recording.Source.REDUCED_ORDER);

        assertThatThrownBy(() -> record(1e-3, p -> p.withNoise(new ApicalNoise(1, 1)), reduced))
                .isInstanceOf(PlanUnsupportedException.class)
                .hasMessageContaining("noise");
        assertThatThrownBy(() -> record(1e-3, p -> p, rates))
                .isInstanceOf(PlanUnsupportedException.class)
                .hasMessageContaining("not [RATE]");
        assertThatThrownBy(
                        () ->
                                record(
                                        1e-3,
                                        p -> p,
                                        new Recording(
                                                BOTH.variables(),
                                                List.of(80),
                                                false,
                                                Recording.Source.REDUCED_ORDER)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("time point 80");
    }
}
