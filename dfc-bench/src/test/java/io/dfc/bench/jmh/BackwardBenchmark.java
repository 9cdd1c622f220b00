package io.dfc.bench.jmh;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;

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

import java.util.concurrent.TimeUnit;

/**
 * How long does backpropagation take for one minibatch of 128, at the published MNIST settings
 * (784-256-256-256-10)? What DFC costs more than that is the price of its controller.
 *
 * <p>Allocation, the line {@code gc.alloc.rate.norm} in bytes per call: {@code mvn -pl dfc-bench
 * -am verify -DskipTests -Pbenchmark -Djmh='BackwardBenchmark -prof gc'}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class BackwardBenchmark {
    /** Backend. */
    @Param("cpu-simd")
    public String backend;

    private Workload workload;
    private Engine engine;
    private StepHandle step;
    private ProgramHandle phase;

    /** Compiles the plan and draws a minibatch. */
    @Setup
    public void compile() {
        workload = new Workload("bp", backend, 1);
        engine = workload.engine();
        step = workload.learning().plan().steps().getFirst();
        phase = (ProgramHandle) step.phase();
        forward();
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        workload.close();
    }

    /**
     * The forward pass.
     *
     * @return its loss
     */
    @Benchmark
    public double forward() {
        return engine.forward(workload.minibatches().getFirst()).loss();
    }

    /**
     * The gradients.
     *
     * @return the norm of one
     */
    @Benchmark
    public double backward() {
        return engine.run(phase, Noise.none()).gradientNorm(step.gradient(), 0);
    }

    /**
     * Forward pass, gradients and the optimiser's step.
     *
     * @return the loss
     */
    @Benchmark
    public double step() {
        double loss = forward();
        engine.run(phase, Noise.none());
        engine.apply(step.at(1));
        return loss;
    }
}
