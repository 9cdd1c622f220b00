package io.dfc.bench.jmh;

import io.dfc.algorithms.train.Sweep;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;

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
 * How long does an epoch take: for every minibatch of 128, the controlled phase and a step of the
 * forward weights, and as often as published the feedback phase and a step of the feedback weights?
 *
 * <p>As the trainer does, it goes over the minibatches once for the feedback weights, once for the
 * forward weights and twice for the feedback weights again, and every time starts with a forward
 * pass. MNIST as published has 430 minibatches of training data; multiply accordingly. Validation
 * and test are not in it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class EpochBenchmark {
    /** Method and solver. */
    @Param({"dfc-ssa/auto", "dfc-ss/steady-state", "dfc/auto"})
    public String method;

    /** Backend; the reference takes very long here. */
    @Param("cpu-simd")
    public String backend;

    /** Minibatches in the epoch. */
    @Param("20")
    public int minibatches;

    private Workload workload;
    private int number;

    /** Compiles the plan and draws the minibatches. */
    @Setup
    public void compile() {
        workload = new Workload(method, backend, minibatches);
    }

    /** Starts every epoch from the same parameters. */
    @Setup(Level.Iteration)
    public void reset() {
        workload.reset();
    }

    /** Frees the engine. */
    @TearDown
    public void close() {
        workload.close();
    }

    /**
     * One epoch.
     *
     * @return the loss summed over its minibatches
     */
    @Benchmark
    public double epoch() {
        number = 0;
        workload.learning().before().forEach(this::learnFeedback);
        double loss = learnForward();
        workload.learning().after().forEach(this::learnFeedback);
        return loss;
    }

    private double learnForward() {
        Engine engine = workload.engine();
        StepHandle forward = workload.learning().plan().steps().getFirst();
        double loss = 0;
        for (Minibatch minibatch : workload.minibatches()) {
            loss += engine.forward(minibatch).loss();
            engine.run((LoopHandle) forward.phase(), noise());
            engine.apply(forward.at(1));
        }
        return loss;
    }

    private void learnFeedback(Sweep sweep) {
        for (int i = 0; i < sweep.times(); i++) {
            learnFeedback();
        }
    }

    private void learnFeedback() {
        Engine engine = workload.engine();
        StepHandle feedback = workload.learning().plan().steps().get(1);
        for (Minibatch minibatch : workload.minibatches()) {
            engine.forward(minibatch);
            engine.run((LoopHandle) feedback.phase(), noise());
            engine.apply(feedback.at(1));
        }
    }

    private Noise noise() {
        return new Noise.Generated(1, number++);
    }
}
