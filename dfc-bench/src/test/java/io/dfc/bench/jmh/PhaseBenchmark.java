package io.dfc.bench.jmh;

import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.Engine;

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

import java.util.concurrent.TimeUnit;

/**
 * How long does one phase of one minibatch of 128 take, at the published MNIST settings
 * (784-256-256-256-10), and how much does it allocate?
 *
 * <p>The solver after the slash is that of the controlled phase; {@code dfc-ssa} always has its own
 * there. In the feedback phase {@code euler} simulates and all others leave it to the backend to
 * choose. Allocation, the line {@code gc.alloc.rate.norm} in bytes per call: {@code mvn -pl
 * dfc-bench -am verify -DskipTests -Pbenchmark -Djmh='PhaseBenchmark -prof gc'}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class PhaseBenchmark {
    /** Method and solver. */
    @Param({
        "dfc/auto",
        "dfc/euler",
        "dfc-ss/auto",
        "dfc-ss/euler",
        "dfc-ss/steady-state",
        "dfc-ssa/auto"
    })
    public String method;

    /** Backend; the reference takes minutes here. */
    @Param("cpu-simd")
    public String backend;

    private Workload workload;
    private Engine engine;
    private LoopHandle control;
    private LoopHandle feedback;
    private int number;

    /** Compiles the plan and draws a minibatch. */
    @Setup
    public void compile() {
        workload = new Workload(method, backend, 1);
        engine = workload.engine();
        control = workload.learning().forwardLoop().orElseThrow();
        feedback = workload.learning().plan().loops().getLast();
        forward();
    }

    /** Counts minibatches, so that noise differs. */
    @Setup(Level.Iteration)
    public void count() {
        number++;
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        workload.close();
    }

    /** The forward pass. */
    @Benchmark
    public double forward() {
        return engine.forward(workload.minibatches().getFirst()).loss();
    }

    /** The controlled phase, updates included. */
    @Benchmark
    public double control() {
        return norm(control, Noise.none());
    }

    /** The feedback learning phase. */
    @Benchmark
    public double feedback() {
        return norm(feedback, new Noise.Generated(1, number));
    }

    private double norm(LoopHandle loop, Noise noise) {
        return engine.run(loop, noise).gradientNorm(loop.gradients().getFirst(), 0);
    }
}
