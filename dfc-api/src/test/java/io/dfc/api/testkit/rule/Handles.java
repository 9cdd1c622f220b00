package io.dfc.api.testkit.rule;

import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;

import java.util.List;

/** Handles of other plans, even of plans that say the same. */
public final class Handles {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private Handles() {}

    public static void ofOtherPlansAreRefused(Backend backend) {
        List<Plan> own = TrainingPlans.of(SHAPE, Loss.CROSS_ENTROPY);
        List<Plan> twins = TrainingPlans.of(SHAPE, Loss.CROSS_ENTROPY);
        TrainingPlans.supported(backend, own);
        for (int k = 0; k < own.size(); k++) {
            if (backend.supports(own.get(k)).isSupported()) {
                areRefused(backend, own.get(k), twins.get(k));
            }
        }
        Plan without = SHAPE.builder(Loss.CROSS_ENTROPY).build();
        Scenario s = SHAPE.scenario("a plan without phases", without);
        try (Engine engine = CompiledPlan.of(backend, without)) {
            engine.load(new EngineState(s.parameters()));
            engine.forward(s.minibatches().getFirst());
            twins.forEach(twin -> areRefused(engine, twin));
        }
    }

    private static void areRefused(Backend backend, Plan own, Plan twin) {
        Scenario s = SHAPE.scenario("handles", own);
        Noise noise = s.noise().apply(0);
        try (Engine engine = CompiledPlan.of(backend, own);
                Engine unharmed = CompiledPlan.of(backend, own)) {
            engine.load(new EngineState(s.parameters()));
            engine.forward(s.minibatches().getFirst());
            areRefused(engine, twin);
            for (int n = 0; n < own.phases().size(); n++) {
                PhaseResult result = TrainingPlans.run(engine, own.phases().get(n), noise);
                GradientHandle foreign = twin.phases().get(n).gradients().getFirst();
                Assertions.assertThrows(
                        IllegalArgumentException.class, () -> result.gradient(foreign));
                Assertions.assertThrows(
                        IllegalArgumentException.class, () -> result.gradientNorm(foreign, 0));
            }
            areRefused(engine, twin);
            engine.apply(own.steps().getFirst().at(1));
            unharmed.load(new EngineState(s.parameters()));
            unharmed.forward(s.minibatches().getFirst());
            TrainingPlans.runAll(unharmed, noise);
            unharmed.apply(own.steps().getFirst().at(1));
            Comparisons.assertSameBits(
                    "after handles of another plan",
                    Observations.continued(unharmed, s),
                    Observations.continued(engine, s));
        }
    }

    private static void areRefused(Engine engine, Plan twin) {
        for (PhaseHandle phase : twin.phases()) {
            Assertions.assertThrows(
                    MisuseException.class,
                    () -> TrainingPlans.run(engine, phase, Noise.none()),
                    () -> "phase " + phase + " of another plan");
        }
        for (StepHandle step : twin.steps()) {
            Assertions.assertThrows(
                    MisuseException.class,
                    () -> engine.apply(step.at(1)),
                    () -> "step " + step + " of another plan");
        }
    }
}
