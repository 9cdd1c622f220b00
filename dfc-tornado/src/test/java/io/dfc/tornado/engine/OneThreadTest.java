package io.dfc.tornado.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/** Engines that are meant for a thread each, driven by one thread in turn. */
class OneThreadTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 3, 5, 2);
    private static final ProgramHandle BACKWARD;
    private static final StepHandle STEP;
    private static final Plan PLAN;

    static {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 2);
        BACKWARD =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                NETWORK, builder.weights(), builder.biases(), new Clipping.None()));
        STEP =
                builder.step(
                        BACKWARD.gradients().getFirst(),
                        builder.optimizer(
                                "forward",
                                new Optimization(new Optimizer.Sgd(0), 0.1),
                                builder.forwardGroups()));
        PLAN = builder.build();
    }

    private static double train(Engine engine, long seed) {
        Parameters drawn =
                ParameterInitializer.draw(
                        PLAN.network(),
                        Initialization.XAVIER,
                        new FeedbackInitialization.WeightProduct(0),
                        seed);
        engine.load(new EngineState(PLAN.select(drawn)));
        Minibatch minibatch =
                new Minibatch(
                        Tensor.wrap(new double[] {0.1, 0.7, 0.3, 0.9, 0.2, 0.5}, 2, 3),
                        new Targets.Labels(new int[] {1, 0}));
        for (int n = 0; n < 3; n++) {
            engine.forward(minibatch);
            engine.run(BACKWARD, Noise.none());
            engine.apply(STEP.at(1));
        }
        return engine.forward(minibatch).loss();
    }

    @Test
    @Timeout(
            value = 2,
            threadMode = Timeout.ThreadMode.SEPARATE_THREAD,
            unit = java.util.concurrent.TimeUnit.MINUTES)
    void nothingWaitsForEverAndTheNumbersAreThoseOfEachAlone() {
        TestBackends.requireDevice();
        try (var backend =
                Backends.discover()
                        .select("tornado", BackendOptions.defaults(), List.of(PLAN))
                        .backend()) {
            List<Engine> together = ((ReplicaTraining) backend).compileReplicas(PLAN, 3);
            for (int r = 0; r < together.size(); r++) {
                double loss = train(together.get(r), r);
                try (Engine alone = backend.compile(PLAN)) {
                    assertThat(loss).isEqualTo(train(alone, r));
                }
            }
            together.forEach(Engine::close);
        }
    }
}
