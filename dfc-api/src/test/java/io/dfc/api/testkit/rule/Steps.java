package io.dfc.api.testkit.rule;

import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Step;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.CompiledPlan;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Shapes;
import io.dfc.api.testkit.scenario.TrainingPlans;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Several gradients of one pass, and what a step leaves of them. */
public final class Steps {
    private static final Shapes SHAPE = Shapes.smooth().get(2);

    private Steps() {}

    /** A forward and a feedback gradient, of one loop and of two phases. */
    private static List<Plan> ofTwoKinds(Backend backend) {
        List<Plan> all = TrainingPlans.of(SHAPE, Loss.CROSS_ENTROPY);
        return TrainingPlans.supported(backend, all.subList(0, 2));
    }

    /** Steps taken together, one by one and the other way round end with the same bits. */
    public static void togetherAreStepsInAnyOrder(Backend backend) {
        for (Plan plan : ofTwoKinds(backend)) {
            Scenario s = SHAPE.scenario("steps", plan);
            StepHandle a = plan.steps().get(0);
            StepHandle b = plan.steps().get(1);
            EngineState start = stepped(backend, s, List.of());
            EngineState together =
                    stepped(backend, s, List.<Step[]>of(new Step[] {a.at(1), b.at(0.5)}));
            EngineState apart =
                    stepped(backend, s, List.of(new Step[] {a.at(1)}, new Step[] {b.at(0.5)}));
            EngineState reversed =
                    stepped(backend, s, List.of(new Step[] {b.at(0.5)}, new Step[] {a.at(1)}));
            assertSame("one by one", together, apart);
            assertSame("the other way round", together, reversed);
            for (String group : List.of(Parameters.WEIGHTS, Parameters.FEEDBACK)) {
                Assertions.assertNotEquals(
                        start.parameters().group(group),
                        together.parameters().group(group),
                        () -> group + " of " + plan.phases() + " was not stepped");
            }
        }
    }

    private static EngineState stepped(Backend backend, Scenario s, List<Step[]> calls) {
        try (Engine engine = formed(backend, s)) {
            calls.forEach(engine::apply);
            return engine.snapshot();
        }
    }

    /** An engine whose phases have all run on the first minibatch. */
    private static Engine formed(Backend backend, Scenario s) {
        Engine engine = CompiledPlan.of(backend, s.plan());
        engine.load(new EngineState(s.parameters()));
        engine.forward(s.minibatches().getFirst());
        TrainingPlans.runAll(engine, s.noise().apply(0));
        return engine;
    }

    /** A gradient goes into one step: all that a call asks for is taken, or nothing. */
    public static void takeAGradientOnce(Backend backend) {
        for (Plan plan : TrainingPlans.supported(backend, SHAPE)) {
            Scenario s = SHAPE.scenario("a gradient twice", plan);
            StepHandle a = plan.steps().getFirst();
            try (Engine engine = formed(backend, s)) {
                isRefused(engine, a.at(1), a.at(1));
                if (plan.steps().size() > 1) {
                    StepHandle b = plan.steps().get(1);
                    isRefused(engine, b.at(1), a.at(1), b.at(1));
                    engine.apply(a.at(1));
                    isRefused(engine, b.at(1), a.at(1));
                    engine.apply(b.at(1));
                } else {
                    engine.apply(a.at(1));
                }
                isRefused(engine, a.at(1));
                isRefused(engine, plan.steps().getLast().at(1));
            }
        }
    }

    private static void isRefused(Engine engine, Step... steps) {
        EngineState before = engine.snapshot();
        Assertions.assertThrows(IllegalStateException.class, () -> engine.apply(steps));
        assertSame("after refused steps", before, engine.snapshot());
    }

    /** A step of Q alone leaves the pass; loops on it see the new Q. Others make it stale. */
    public static void ofFeedbackWeightsLeaveThePass(Backend backend) {
        for (Plan plan : ofTwoKinds(backend)) {
            Scenario s = SHAPE.scenario("a pass after steps", plan);
            Minibatch minibatch = s.minibatches().getFirst();
            Noise noise = s.noise().apply(0);
            LoopHandle loop = plan.loops().getFirst();
            try (Engine engine = formed(backend, s);
                    Engine anew = CompiledPlan.of(backend, plan)) {
                List<Tensor> old = weights(engine, loop, noise);
                engine.apply(plan.steps().get(1).at(1));
                List<Tensor> found = weights(engine, loop, noise);
                anew.load(new EngineState(engine.snapshot().parameters()));
                anew.forward(minibatch);
                assertSame("gradients with the new Q", weights(anew, loop, noise), found);
                Assertions.assertNotEquals(old, found, "the loop still has the old Q");
                engine.apply(plan.steps().getFirst().at(1));
                Assertions.assertThrows(
                        IllegalStateException.class,
                        () -> engine.run(loop, noise),
                        "a loop after a step of weights");
            }
        }
    }

    private static List<Tensor> weights(Engine engine, LoopHandle loop, Noise noise) {
        GradientHandle gradient = loop.gradients().getFirst();
        return engine.run(loop, noise).gradient(gradient).weights();
    }

    private static void assertSame(String what, EngineState expected, EngineState found) {
        assertSame(what, tensors(expected), tensors(found));
    }

    private static List<Tensor> tensors(EngineState state) {
        List<Tensor> all = new ArrayList<>();
        state.parameters().groups().values().forEach(all::addAll);
        for (Map.Entry<String, OptimizerState> optimizer : state.optimizers().entrySet()) {
            all.add(Tensor.wrap(new double[] {optimizer.getValue().steps()}, 1));
            all.addAll(optimizer.getValue().first());
            all.addAll(optimizer.getValue().second());
        }
        return all;
    }

    private static void assertSame(String what, List<Tensor> expected, List<Tensor> found) {
        Assertions.assertEquals(expected.size(), found.size(), what);
        for (int n = 0; n < expected.size(); n++) {
            Assertions.assertArrayEquals(
                    expected.get(n).toDoubles(), found.get(n).toDoubles(), what);
        }
    }
}
