package io.dfc.bench.jmh;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.Glyphs;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.noise.Noise;
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
import org.openjdk.jmh.annotations.Level;
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
import java.util.concurrent.TimeUnit;

/**
 * How long does one phase of one minibatch of 128 take, at the published MNIST settings
 * (784-256-256-256-10)?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class PhaseBenchmark {
    private static final int BATCH = 128;

    /** Method, and solver where it has a choice. */
    @Param({"dfc", "dfc-ss", "dfc-ss/steady-state", "dfc-ssa"})
    public String method;

    /** Backend; the reference takes minutes here. */
    @Param("cpu-simd")
    public String backend;

    private Backend opened;
    private Engine engine;
    private Minibatch minibatch;
    private int number;

    /** Compiles the plan and draws a minibatch. */
    @Setup
    public void compile() {
        String[] parts = method.split("/", -1);
        List<Setting> solver =
                parts.length > 1 ? List.of(new Setting("solver", parts[1])) : List.of();
        DataSet data = Glyphs.generate(new SplitSizes(BATCH, 1, 1), Glyphs.DEFAULT_SEED).train();
        TrainingSpec spec =
                new RunAssembler(RunConfigurations.load("mnist/" + parts[0], solver), data)
                        .assemble();
        opened =
                Backends.discover()
                        .select(backend, BackendOptions.defaults(), List.of(spec.plan()))
                        .backend();
        engine = opened.compile(spec.plan());
        engine.load(new EngineState(spec.initial()));
        int[] order = java.util.stream.IntStream.range(0, BATCH).toArray();
        double[] inputs = new double[BATCH * data.inputSize()];
        data.copyInputs(order, 0, BATCH, inputs);
        int[] labels = new int[BATCH];
        data.copyLabels(order, 0, BATCH, labels);
        minibatch =
                new Minibatch(
                        Tensor.wrap(inputs, BATCH, data.inputSize()), new Targets.Labels(labels));
        engine.forward(minibatch);
    }

    /** Counts minibatches, so that noise differs. */
    @Setup(Level.Iteration)
    public void count() {
        number++;
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        engine.close();
        opened.close();
    }

    /** The forward pass. */
    @Benchmark
    public double forward() {
        return engine.forward(minibatch).loss();
    }

    /** The controlled phase, updates included. */
    @Benchmark
    public double control() {
        return engine.control(Noise.none()).gradientNorm(0, 0);
    }

    /** The feedback learning phase. */
    @Benchmark
    public double feedback() {
        return engine.feedback(new Noise.Generated(1, number)).gradientNorm(0);
    }
}
