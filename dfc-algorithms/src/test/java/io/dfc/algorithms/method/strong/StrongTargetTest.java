package io.dfc.algorithms.method.strong;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Strong feedback towards what the network says already. */
class StrongTargetTest {
    private static final int SAMPLES = 4;

    @Test
    void aTargetEqualToTheOutputGivesNoUpdateAndAnotherGivesOne() {
        StrongDfcTwoPhase method = new StrongDfcTwoPhase();
        LearningPlan plan =
                method.plan(
                        method.defaults(),
                        new MethodContext(
                                Network.of(new Activation.Tanh(), 5, 6, 4, 3),
                                Loss.MEAN_SQUARED_ERROR,
                                SAMPLES,
                                Precision.FULL,
                                Initialization.XAVIER_NORMAL,
                                1));
        Tensor inputs = Initialization.XAVIER.draw(SAMPLES, 5, 2, 0);
        try (Backend backend =
                        Backends.discover()
                                .select(
                                        "reference",
                                        BackendOptions.defaults(),
                                        List.of(plan.plan()))
                                .backend();
                Engine engine = backend.compile(plan.plan())) {
            engine.load(new EngineState(plan.initial().get()));
            Tensor output = engine.infer(inputs).rate(2).copy();
            Tensor other = output.copy();
            other.set(0, other.get(0) + 0.5);

            assertThat(update(engine, plan, inputs, output)).containsOnly(0);
            assertThat(Arrays.stream(update(engine, plan, inputs, other))).anyMatch(g -> g != 0);
        }
    }

    private static double[] update(
            Engine engine, LearningPlan plan, Tensor inputs, Tensor targets) {
        engine.forward(new Minibatch(inputs, new Targets.Values(targets)));
        LoopHandle loop = plan.forwardLoop().orElseThrow();
        Parameters gradient =
                engine.run(loop, Noise.none(), Recording.none())
                        .gradient(loop.gradients().getFirst());
        return Stream.concat(gradient.weights().stream(), gradient.biases().stream())
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }
}
