package io.dfc.bench.jmh;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.MinibatchGatherer;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What does it save to gather a minibatch of 128 glyphs where the engine reads it? Both gather and
 * run the forward pass; {@code gather} is the part of it that reads the data set alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class GatherBenchmark {
    private static final int BATCH = 128;
    private static final int[] ORDER = IntStream.range(0, BATCH).toArray();

    private Workload workload;
    private Engine engine;
    private DataSet data;
    private MinibatchGatherer gatherer;
    private Minibatch tensors;

    /** Compiles the plan and draws the glyphs. */
    @Setup
    public void compile() {
        workload = new Workload("bp", "cpu-simd", 1);
        engine = workload.engine();
        data = workload.data();
        gatherer = new MinibatchGatherer(data, engine);
        tensors =
                new Minibatch(
                        Tensor.zeros(ElementType.F32, BATCH, data.inputSize()),
                        new Targets.Labels(new int[BATCH]));
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        workload.close();
    }

    private Minibatch gatherTensors() {
        data.copyInputs(ORDER, 0, BATCH, Rows.of(tensors.inputs()));
        data.copyLabels(ORDER, 0, BATCH, ((Targets.Labels) tensors.targets()).classes());
        return tensors;
    }

    /** Into tensors, which the engine copies. */
    @Benchmark
    public double throughTensors() {
        return engine.forward(gatherTensors()).loss();
    }

    /** Into the engine's buffer. */
    @Benchmark
    public double throughTheBuffer() {
        return engine.forward(gatherer.gather(ORDER, 0, BATCH)).loss();
    }

    /** Into tensors, and no pass. */
    @Benchmark
    public Minibatch gather() {
        return gatherTensors();
    }
}
