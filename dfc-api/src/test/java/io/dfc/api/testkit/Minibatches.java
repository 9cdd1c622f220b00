package io.dfc.api.testkit;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.BackwardPhase;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Assertions;

import java.util.Arrays;

/** Who a minibatch belongs to: the caller, between any two calls. */
final class Minibatches {
    private Minibatches() {}

    static void areNeitherChangedNorKept(Backend backend) {
        Shapes shape = Shapes.smooth().get(2);
        for (Loss loss : Loss.values()) {
            Plan.Builder builder = shape.builder(loss);
            LoopHandle loop =
                    builder.loop(
                            "control",
                            new LoopPhase(
                                    builder.feedbackWeights(),
                                    Scenarios.NUDGE,
                                    Scenarios.CONTROLLER,
                                    Scenarios.DYNAMICS,
                                    Scenarios.MEAN,
                                    Scenarios.LAST));
            BackwardHandle backward =
                    builder.backward("backward", new BackwardPhase(new Clipping.None()));
            Plan plan = builder.build();
            Scenario kept = shape.scenario("a minibatch kept", plan);
            Scenario refilled = shape.scenario("a minibatch refilled", plan);
            try (Engine engine = BackendContract.compile(backend, plan)) {
                engine.load(new EngineState(kept.parameters()));
                Minibatch original = kept.minibatches().getFirst();
                Tensor before = original.inputs().copy();
                engine.forward(original);
                double expectedControl = norm(engine, loop);
                double expectedBackward = norm(engine, backward);
                Assertions.assertEquals(before, original.inputs(), "inputs after the phases");
                Minibatch reused = refilled.minibatches().getFirst();
                engine.forward(reused);
                spoil(reused);
                Assertions.assertEquals(expectedControl, norm(engine, loop));
                Assertions.assertEquals(expectedBackward, norm(engine, backward));
            }
        }
    }

    private static double norm(Engine engine, LoopHandle loop) {
        return engine.run(loop, Noise.none()).gradientNorm(loop.gradients().getFirst(), 0);
    }

    private static double norm(Engine engine, BackwardHandle backward) {
        return engine.run(backward).gradientNorm(backward.gradients().getFirst(), 0);
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
