package io.dfc.api.testkit.rule;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.agreement.Specification;
import io.dfc.api.testkit.scenario.ProgramScenarios;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;

import org.junit.jupiter.api.Assertions;

import java.util.List;

/** A gradient that is applied after parameters that its program read were stepped. */
public final class ProgramSteps {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private ProgramSteps() {}

    /**
     * Target propagation as published: the forward gradient is formed, the inverses, which it read,
     * are stepped, the forward gradient is applied as it was formed.
     */
    public static void applyAGradientAsItWasFormed(Backend backend) {
        Optimization descent = new Optimization(new Optimizer.Adam(0.9, 0.99, 1e-2), 0.1);
        Plan plan =
                ProgramScenarios.targetPropagation(
                        SHAPE, Loss.CROSS_ENTROPY, new Clipping.None(), descent);
        Scenario s = SHAPE.scenario("a step in between", plan);
        try (Engine engine = CompiledPlan.of(backend, plan);
                Engine reference = Specification.backend().compile(plan)) {
            Parameters expected = stepped(reference, s, true);
            Parameters found = stepped(engine, s, true);
            expected.groups()
                    .forEach((name, tensors) -> assertClose(backend, name, tensors, found));
            Parameters other = stepped(reference, s, false);
            Assertions.assertNotEquals(
                    other.weights(), expected.weights(), "the order tells nothing");
        }
    }

    private static Parameters stepped(Engine engine, Scenario s, boolean formedFirst) {
        ProgramHandle targets = (ProgramHandle) s.plan().phases().get(0);
        ProgramHandle reconstruction = (ProgramHandle) s.plan().phases().get(1);
        Noise noise = s.noise().apply(0);
        engine.load(new EngineState(s.parameters()));
        engine.forward(s.minibatches().getFirst());
        engine.run(targets, noise);
        engine.run(reconstruction, noise);
        engine.apply(s.plan().steps().get(0).at(1));
        if (!formedFirst) {
            engine.run(targets, noise);
        }
        engine.apply(s.plan().steps().get(1).at(1));
        return engine.snapshot().parameters();
    }

    private static void assertClose(
            Backend backend, String name, List<Tensor> expected, Parameters found) {
        for (int i = 0; i < expected.size(); i++) {
            double[] x = expected.get(i).toDoubles();
            double[] y = found.group(name).get(i).toDoubles();
            Assertions.assertArrayEquals(
                    x, y, Comparisons.tolerance(backend.computeType()), name + "[" + i + "]");
        }
    }
}
