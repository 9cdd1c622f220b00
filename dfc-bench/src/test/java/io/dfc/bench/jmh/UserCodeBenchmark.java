package io.dfc.bench.jmh;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What does a user's own controller or learning rule cost in the loop, next to the built-in one
 * that computes the same? One control phase of 1000 Euler points, 784-256-256-256-10, batch 128.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class UserCodeBenchmark {
    private static final int BATCH = 128;

    /** Whose controller. */
    @Param({"built-in", "user"})
    public String controller;

    /** Whose learning rule. */
    @Param({"built-in", "user"})
    public String rule;

    /** Which time points the update takes. */
    @Param({"LAST_STATE", "CONTINUOUS"})
    public ForwardPlasticity.Mode mode;

    private Backend backend;
    private Engine engine;
    private LoopHandle loop;

    /** The published controller, written by a user. */
    private record UserController(double gain, double leakage) implements Controller {
        @Override
        public int stateSize(int outputs) {
            return outputs;
        }

        @Override
        public void step(ControlTile tile, double timeStep) {
            double[] u = tile.control();
            double[] integral = tile.state();
            for (int i = 0; i < tile.samples() * tile.width(); i++) {
                double e = tile.error()[tile.offset() + i];
                int at = tile.offset() + i;
                integral[i] += timeStep * (e - leakage * u[at]);
                u[at] = integral[i] + gain * e;
            }
        }
    }

    /** The voltage difference, written by a user. */
    private record UserRule() implements LearningRule {
        @Override
        public void postsynapticFactor(Activation activation, LayerTile tile) {
            for (int i = 0; i < tile.samples() * tile.width(); i++) {
                tile.postsynapticFactor()[tile.offset() + i] = tile.difference()[tile.offset() + i];
            }
        }
    }

    /** Compiles the plan and runs the forward pass. */
    @Setup
    public void compile() {
        Network network = Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, BATCH);
        loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(0.0779),
                                controller.equals("user")
                                        ? new UserController(2, 1.4e-3)
                                        : new ProportionalIntegralController(2, 1.4e-3),
                                new Dynamics(0.02, 1000, 0.2),
                                new ForwardPlasticity(
                                        mode,
                                        rule.equals("user")
                                                ? new UserRule()
                                                : DfcRule.VOLTAGE_DIFFERENCE)));
        Plan plan = builder.build();
        backend =
                Backends.discover()
                        .select("auto", BackendOptions.defaults(), List.of(plan))
                        .backend();
        engine = backend.compile(plan);
        engine.load(
                new EngineState(
                        ParameterInitializer.draw(
                                network,
                                Initialization.XAVIER_NORMAL,
                                new FeedbackInitialization.WeightProduct(0),
                                1)));
        SplittableRandom random = new SplittableRandom(1);
        double[] inputs = random.doubles(BATCH * 784L).toArray();
        int[] labels = random.ints(BATCH, 0, 10).toArray();
        engine.forward(new Minibatch(Tensor.wrap(inputs, BATCH, 784), new Targets.Labels(labels)));
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        engine.close();
        backend.close();
    }

    /**
     * The controlled phase.
     *
     * @return a norm of its update
     */
    @Benchmark
    public double control() {
        return engine.run(loop, Noise.none()).gradientNorm(loop.gradients().getFirst(), 0);
    }
}
