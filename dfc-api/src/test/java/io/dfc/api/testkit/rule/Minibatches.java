package io.dfc.api.testkit.rule;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Who a minibatch belongs to: the caller, between any two calls. */
public final class Minibatches {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private Minibatches() {}

    public static void areNeitherChangedNorKept(Backend backend) {
        TrainingPlans.ofBothLosses(backend, SHAPE)
                .forEach(plan -> areNeitherChangedNorKept(backend, plan));
    }

    private static void areNeitherChangedNorKept(Backend backend, Plan plan) {
        Scenario kept = SHAPE.scenario("a minibatch kept", plan);
        Scenario refilled = SHAPE.scenario("a minibatch refilled", plan);
        Noise noise = kept.noise().apply(0);
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(kept.parameters()));
            Minibatch original = kept.minibatches().getFirst();
            Tensor before = original.inputs().copy();
            engine.forward(original);
            List<Double> expected = norms(engine, noise);
            Assertions.assertEquals(before, original.inputs(), "inputs after the phases");
            Minibatch reused = refilled.minibatches().getFirst();
            engine.forward(reused);
            spoil(reused);
            Assertions.assertEquals(expected, norms(engine, noise), "norms after a refill");
        }
    }

    /** Norms of all gradients of all phases. */
    private static List<Double> norms(Engine engine, Noise noise) {
        List<Double> norms = new ArrayList<>();
        for (PhaseHandle phase : engine.plan().phases()) {
            var result = TrainingPlans.run(engine, phase, noise);
            phase.gradients().forEach(g -> norms.add(result.gradientNorm(g, 0)));
        }
        return norms;
    }

    private static void spoil(Minibatch minibatch) {
        for (int i = 0; i < minibatch.inputs().size(); i++) {
            minibatch.inputs().set(i, 9);
        }
        switch (minibatch.targets()) {
            case Targets.Labels(int[] classes) -> Arrays.fill(classes, 0);
            case Targets.Values(Tensor values) -> {
                for (int i = 0; i < values.size(); i++) {
                    values.set(i, 9);
                }
            }
        }
    }
}
