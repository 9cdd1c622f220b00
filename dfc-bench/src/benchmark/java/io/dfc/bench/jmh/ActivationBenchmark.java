package io.dfc.bench.jmh;

import io.dfc.api.network.Activation;
import io.dfc.cpu.simd.Kernels;

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
import org.openjdk.jmh.annotations.Warmup;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * How long do the rates of a layer of 256 neurons take for a minibatch of 128, and their changes
 * when the controller moves the voltages: with the SIMD backend's vectors, and with plain loops
 * over {@link Math#tanh}?
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsPrepend = "--add-modules=jdk.incubator.vector")
public class ActivationBenchmark {
    private static final int SIZE = 256;
    private static final int BATCH = 128;
    private static final double ALLOWED = 2e-6;

    /** Activation function. */
    @Param({"tanh", "sigmoid"})
    public String activation;

    private Kernels.Layer layer;

    /** The sigmoid is {@code (1 + tanh(v / 2)) / 2}. */
    private boolean sigmoid;

    private float[] v;
    private float[] d;
    private float[] r;
    private float[] slope;
    private float[] change;

    /** Draws voltages, and checks that vectors and loops agree. */
    @Setup
    public void draw() {
        sigmoid = activation.equals("sigmoid");
        SplittableRandom random = new SplittableRandom(1);
        int stride = Kernels.stride(SIZE);
        v = numbers(random, BATCH * stride, 2);
        d = numbers(random, v.length, 0.1);
        r = new float[v.length];
        slope = new float[v.length];
        change = new float[v.length];
        Activation function = sigmoid ? new Activation.Sigmoid() : new Activation.Tanh();
        layer = new Kernels.Layer(function, SIZE, v);
        requireClose(evaluate(), evaluateScalar().clone());
        requireClose(difference().clone(), differenceScalar());
    }

    private static float[] numbers(SplittableRandom random, int count, double limit) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-limit, limit);
        }
        return numbers;
    }

    private static void requireClose(float[] actual, float[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= ALLOWED)) {
                throw new IllegalStateException(actual[i] + " instead of " + expected[i]);
            }
        }
    }

    /**
     * Rates and slopes, with vectors.
     *
     * @return the rates
     */
    @Benchmark
    public float[] evaluate() {
        return layer.evaluate();
    }

    /**
     * Rates and slopes, with a loop.
     *
     * @return the rates
     */
    @Benchmark
    public float[] evaluateScalar() {
        if (sigmoid) {
            for (int i = 0; i < v.length; i++) {
                double rate = 0.5 + 0.5 * Math.tanh(0.5 * v[i]);
                r[i] = (float) rate;
                slope[i] = (float) (rate * (1 - rate));
            }
        } else {
            for (int i = 0; i < v.length; i++) {
                double rate = Math.tanh(v[i]);
                r[i] = (float) rate;
                slope[i] = (float) (1 - rate * rate);
            }
        }
        return r;
    }

    /**
     * Changes of the rates, with vectors.
     *
     * @return the changes
     */
    @Benchmark
    public float[] difference() {
        layer.difference(d, change);
        return change;
    }

    /**
     * Changes of the rates, with a loop: the same formula from the rates and slopes that are there.
     *
     * @return the changes
     */
    @Benchmark
    public float[] differenceScalar() {
        if (sigmoid) {
            for (int i = 0; i < d.length; i++) {
                double t = Math.tanh(0.5 * d[i]);
                change[i] = (float) (2 * slope[i] * t / (1 + (2 * r[i] - 1) * t));
            }
        } else {
            for (int i = 0; i < d.length; i++) {
                double t = Math.tanh(d[i]);
                change[i] = (float) (slope[i] * t / (1 + r[i] * t));
            }
        }
        return change;
    }
}
