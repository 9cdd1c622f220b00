package io.dfc.api.testkit.rule;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Minibatches belong to the caller between any two calls, and have tensors of either type. */
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

    /** Float32 numbers mean the same, whichever type the tensors that hold them have. */
    public static void meanTheSameInEitherType(Backend backend) {
        TrainingPlans.ofBothLosses(backend, SHAPE)
                .forEach(plan -> meanTheSameInEitherType(backend, plan));
    }

    private static void meanTheSameInEitherType(Backend backend, Plan plan) {
        Scenario scenario = SHAPE.scenario("a minibatch in float32", plan);
        Minibatch drawn = scenario.minibatches().getFirst();
        Noise noise = scenario.noise().apply(0);
        try (Engine engine = CompiledPlan.of(backend, plan)) {
            engine.load(new EngineState(scenario.parameters()));
            double loss = engine.forward(of(drawn, ElementType.F64)).loss();
            List<Double> expected = norms(engine, noise);
            Assertions.assertEquals(
                    loss, engine.forward(of(drawn, ElementType.F32)).loss(), "loss in float32");
            Assertions.assertEquals(expected, norms(engine, noise), "norms in float32");
        }
    }

    /** The numbers of a minibatch, rounded to float32, in tensors of a type. */
    private static Minibatch of(Minibatch minibatch, ElementType type) {
        return new Minibatch(
                of(minibatch.inputs(), type),
                switch (minibatch.targets()) {
                    case Targets.Labels labels -> labels;
                    case Targets.Values(Tensor values) -> new Targets.Values(of(values, type));
                });
    }

    private static Tensor of(Tensor tensor, ElementType type) {
        Tensor rounded = Tensor.wrap(tensor.toFloats(), tensor.shape());
        return switch (type) {
            case F32 -> rounded;
            case F64 -> Tensor.wrap(rounded.toDoubles(), tensor.shape());
        };
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
