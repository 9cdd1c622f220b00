package io.dfc.api.testkit.rule;

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
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;

import org.junit.jupiter.api.Assertions;

import java.util.Arrays;

/**
 * Mistakes in controllers and rules of users, which an engine tells by the class that made them.
 */
public final class UserFaults {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private UserFaults() {}

    /** Writes no number where a control signal should be. */
    private record NoControl() implements Controller {
        @Override
        public int stateSize(int outputs) {
            return 0;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            int end = tile.offset() + tile.samples() * tile.width();
            Arrays.fill(tile.control(), tile.offset(), end, Double.NaN);
        }

        @Override
        public double leakage() {
            return 0;
        }
    }

    /** Divides by zero, for the last sample alone. */
    private record NoSignal() implements LearningRule {
        @Override
        public void postsynapticFactor(Activation activation, LayerTile tile) {
            int end = tile.offset() + tile.samples() * tile.width();
            Arrays.fill(tile.postsynapticFactor(), tile.offset(), end, 0);
            tile.postsynapticFactor()[end - 1] = Double.POSITIVE_INFINITY;
        }
    }

    public static void resultsThatAreNone(Backend backend) {
        Controller published = new ProportionalIntegralController(0.5, 0.1);
        tells(
                backend,
                published,
                new NoSignal(),
                ForwardPlasticity.Mode.CONTINUOUS,
                NoSignal.class);
        tells(
                backend,
                published,
                new NoSignal(),
                ForwardPlasticity.Mode.LAST_STATE,
                NoSignal.class);
        LearningRule rule = DfcRule.DERIVATIVE;
        tells(backend, new NoControl(), rule, ForwardPlasticity.Mode.CONTINUOUS, NoControl.class);
    }

    private static void tells(
            Backend backend,
            Controller controller,
            LearningRule rule,
            ForwardPlasticity.Mode mode,
            Class<?> atFault) {
        Plan plan =
                Scenarios.loop(
                        SHAPE.builder(Loss.CROSS_ENTROPY),
                        q ->
                                new LoopPhase(
                                        q,
                                        new OutputTarget.Nudge(0.1),
                                        controller,
                                        new Dynamics(0.1, 11, 0.2),
                                        new ForwardPlasticity(mode, rule)));
        Scenario scenario = SHAPE.scenario("faults of users' code", plan);
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(scenario.parameters()));
            engine.forward(scenario.minibatches().getFirst());
            BadConfigurationException error =
                    Assertions.assertThrows(
                            BadConfigurationException.class,
                            () -> engine.run(plan.loops().getFirst(), Noise.none()));
            String said = error.getMessage();
            Assertions.assertTrue(
                    said.contains(atFault.getName()) && said.contains("not finite"), said);
        }
    }
}
