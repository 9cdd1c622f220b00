package io.dfc.api.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.trajectory.Recording;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/** What the settings of a run refuse, and in which words. */
class SettingsTest {
    private static final OutputTarget NUDGE = new OutputTarget.Nudge(0.1);
    private static final Controller CONTROLLER = new ProportionalIntegralController(0, 0.1);
    private static final Dynamics DYNAMICS = new Dynamics(0.1, 10, 0.2);
    private static final ParameterGroup FEEDBACK =
            Plan.builder(Network.of(new Activation.Tanh(), 2, 2), Loss.CROSS_ENTROPY, 1)
                    .feedbackWeights();

    @Test
    void dynamicsNeedAPositiveFiniteTimeStep() {
        refused(() -> new Dynamics(0, 10, 0.2), "time-step", "got 0.0");
        refused(() -> new Dynamics(Double.NaN, 10, 0.2), "time-step", "got NaN");
    }

    @Test
    void dynamicsNeedTwoTimePoints() {
        refused(() -> new Dynamics(0.1, 1, 0.2), "time-points", "at least 2", "got 1");
    }

    @Test
    void anInstantaneousSystemTransmitsAtOnce() {
        Dynamics dynamics = new Dynamics(0.1, 10, 0.2, 0.1, false, true, true);
        assertThat(dynamics.instantTransmission()).isTrue();
        assertThat(dynamics.somaticRate()).isEqualTo(1);
    }

    @Test
    void feedforwardRatesGoWithTheLastStateAlone() {
        refused(
                () ->
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS,
                                DfcRule.DERIVATIVE,
                                ForwardPlasticity.Presynaptic.FEEDFORWARD,
                                new Clipping.None()),
                "forward.presynaptic",
                "CONTINUOUS");
    }

    @Test
    void onlySimulationGivesUpdatesOverTime() {
        ForwardPlasticity update =
                new ForwardPlasticity(ForwardPlasticity.Mode.CONTINUOUS, DfcRule.DERIVATIVE);
        refused(
                () ->
                        new LoopPhase(FEEDBACK, NUDGE, CONTROLLER, DYNAMICS, update)
                                .withSolver(new Solver.SteadyState()),
                "solver",
                "only euler and auto give updates over time");
    }

    @Test
    void theLinearizedStateNeedsANudge() {
        refused(
                () ->
                        new LoopPhase(FEEDBACK, new OutputTarget.Strong(0.9), CONTROLLER, DYNAMICS)
                                .withSolver(new Solver.Linearized()),
                "solver",
                "needs a nudged target");
    }

    @Test
    void recordedTimePointsRise() {
        refused(() -> new Recording(Set.of(), List.of(2, 2), false), "recording", "[2, 2]");
    }

    @Test
    void recordedTimePointsExist() {
        Recording recording = new Recording(Set.of(), List.of(0, 10), false);
        refused(() -> recording.requireWithin(10), "recording", "time point 10", "9");
    }

    @Test
    void listsPerLayerHaveOneEntryPerLayer() {
        Optimization two = new Optimization(new Optimizer.Sgd(0), List.of(0.1, 0.2), 0, Set.of());
        refused(() -> two.requireFit(3), "learning-rate", "3 layers, got 2");
    }

    @Test
    void frozenLayersExist() {
        Optimization frozen = new Optimization(new Optimizer.Sgd(0), List.of(0.1), 0, Set.of(3));
        refused(() -> frozen.requireFit(3), "frozen-layers", "layer 3 is not in 0..2");
    }

    @Test
    void momentumLiesBelowOne() {
        refused(() -> new Optimizer.Sgd(1), "momentum", "[0, 1)", "got 1.0");
    }

    private static void refused(ThrowingCallable construction, String... parts) {
        assertThatThrownBy(construction)
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContainingAll(parts);
    }
}
