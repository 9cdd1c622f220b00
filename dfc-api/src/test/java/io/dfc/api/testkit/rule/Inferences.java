package io.dfc.api.testkit.rule;

import io.dfc.api.error.DfcException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.List;

/** Passes without targets. */
public final class Inferences {
    private Inferences() {}

    /** They give the bits of a forward pass, before and after one. */
    public static void giveWhatForwardGives(Backend backend, Shapes shape) {
        Scenario s = Scenarios.evaluation(shape, Loss.CROSS_ENTROPY);
        try (Engine engine = CompiledPlan.of(backend, s.plan())) {
            engine.load(new EngineState(s.parameters()));
            for (Minibatch minibatch : s.minibatches()) {
                List<double[]> before = numbers(engine.infer(minibatch.inputs()), s.plan());
                List<double[]> forward = numbers(engine.forward(minibatch), s.plan());
                List<double[]> after = numbers(engine.infer(minibatch.inputs()), s.plan());
                for (int n = 0; n < forward.size(); n++) {
                    Assertions.assertArrayEquals(forward.get(n), before.get(n), "inferred before");
                    Assertions.assertArrayEquals(forward.get(n), after.get(n), "inferred after");
                }
            }
        }
    }

    /** Samples, and voltages and rates of all layers. */
    private static List<double[]> numbers(Inference pass, Plan plan) {
        List<double[]> all = new ArrayList<>();
        all.add(new double[] {pass.samples()});
        for (int i = 0; i < plan.network().depth(); i++) {
            all.add(pass.voltage(i).toDoubles());
            all.add(pass.rate(i).toDoubles());
        }
        return all;
    }

    /** No phase works on them, and no gradient of the pass before outlives them. */
    public static void areNoPassToWorkOn(Backend backend, Shapes shape) {
        for (Plan plan : TrainingPlans.supported(backend, shape)) {
            Scenario s = shape.scenario("inference", plan);
            Minibatch minibatch = s.minibatches().getFirst();
            try (Engine engine = CompiledPlan.of(backend, plan)) {
                engine.load(new EngineState(s.parameters()));
                engine.forward(minibatch);
                TrainingPlans.runAll(engine, s.noise().apply(0));
                engine.infer(minibatch.inputs());
                for (PhaseHandle phase : plan.phases()) {
                    Assertions.assertThrows(
                            IllegalStateException.class,
                            () -> TrainingPlans.run(engine, phase, s.noise().apply(0)),
                            () -> phase + " after a pass without targets");
                }
                for (StepHandle step : plan.steps()) {
                    Assertions.assertThrows(
                            IllegalStateException.class,
                            () -> engine.apply(step.at(1)),
                            () -> step + " after a pass without targets");
                }
            }
        }
    }

    /** Inputs are checked as those of minibatches are. */
    public static void refuseWhatForwardRefuses(Backend backend, Shapes shape) {
        Scenario s = Scenarios.evaluation(shape, Loss.CROSS_ENTROPY);
        Tensor good = s.minibatches().getFirst().inputs();
        int inputs = good.dim(1);
        int tooMany = s.plan().maxBatch() + 1;
        try (Engine engine = CompiledPlan.of(backend, s.plan())) {
            engine.load(new EngineState(s.parameters()));
            double[] rates = engine.infer(good).rate(0).toDoubles();
            for (Tensor bad :
                    List.of(
                            Tensor.wrap(new double[2 * inputs + 2], 2, inputs + 1),
                            Tensor.wrap(new double[tooMany * inputs], tooMany, inputs),
                            Tensor.wrap(new double[inputs], inputs))) {
                Assertions.assertThrows(ShapeMismatchException.class, () -> engine.infer(bad));
            }
            for (double x : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
                for (int at : new int[] {0, good.size() - 1}) {
                    Tensor spoiled = good.copy();
                    spoiled.set(at, x);
                    DfcException error =
                            Assertions.assertThrows(
                                    DfcException.class, () -> engine.infer(spoiled));
                    Assertions.assertTrue(
                            error.getMessage().contains("minibatch inputs"), error.getMessage());
                }
            }
            Assertions.assertArrayEquals(
                    rates, engine.infer(good).rate(0).toDoubles(), "after what was refused");
        }
    }
}
