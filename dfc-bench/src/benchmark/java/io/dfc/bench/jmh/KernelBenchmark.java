package io.dfc.bench.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
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

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * How many floating-point operations per second does the SIMD backend's matrix kernel do, and how
 * many do OpenBLAS and Intel MKL, at the shapes of the published networks with minibatches of 128?
 *
 * <p>The line {@code gigaflop} says it, in GFLOP/s. The backend packs its weights once per change
 * of the parameters and then multiplies by them for hundreds of time steps; {@code mkl-packed} is
 * the same with MKL, while {@code own-packing} packs them every time, as {@code openblas} and
 * {@code mkl} do inside. Every product is checked once against one in double precision. Two threads
 * want two idle cores: threads that wait for each other in between other programs show nothing but
 * the scheduler.
 *
 * <p>One shape alone: {@code mvn -pl dfc-bench -am verify -DskipTests -Pbenchmark
 * -Djmh='KernelBenchmark -p shape=128x256x256 -p threads=1'}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsPrepend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED"
        })
public class KernelBenchmark {
    /** Rows of a and c, columns of a, columns of b. */
    @Param({
        "128x256x256",
        "128x784x256",
        "128x256x10",
        "128x10x256",
        "128x256x32",
        "128x32x256",
        "128x256x784",
        "128x1024x1024"
    })
    public String shape;

    /** Who multiplies. */
    @Param({"own", "own-packing", "openblas", "mkl", "mkl-packed"})
    public String library;

    /** Threads that share a product. */
    @Param({"1", "2"})
    public int threads;

    private Product product;
    private double gigaflop;

    /** Work done, for the rate of it. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Work {
        /** Billions of floating-point operations. */
        public double gigaflop;
    }

    /** Draws the factors and checks the product. */
    @Setup
    public void draw() {
        Product.Shape s = Product.Shape.parse(shape);
        SplittableRandom random = new SplittableRandom(1);
        float[] a = numbers(random, s.rows() * s.inner());
        float[] b = numbers(random, s.inner() * s.columns());
        product =
                switch (library) {
                    case "own" -> new Product.Own(s, a, b, false, threads);
                    case "own-packing" -> new Product.Own(s, a, b, true, threads);
                    case "openblas" -> new Product.OpenBlas(s, a, b, threads);
                    case "mkl" -> new Product.Mkl(s, a, b, threads);
                    case "mkl-packed" -> new Product.PackedMkl(s, a, b, threads);
                    default -> throw new IllegalArgumentException("library " + library);
                };
        gigaflop = s.gigaflop();
        product.multiply();
        check(s, a, b, product.result());
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }

    private static void check(Product.Shape s, float[] a, float[] b, float[] c) {
        double allowed = 1e-6 * s.inner();
        for (int row = 0; row < s.rows(); row++) {
            for (int column = 0; column < s.columns(); column++) {
                double sum = 0;
                for (int k = 0; k < s.inner(); k++) {
                    sum += (double) a[row * s.inner() + k] * b[k * s.columns() + column];
                }
                double error = Math.abs(sum - c[row * s.columns() + column]);
                if (!(error <= allowed)) {
                    throw new IllegalStateException(
                            "row " + row + ", column " + column + " is off by " + error);
                }
            }
        }
    }

    /** Frees the matrices. */
    @TearDown
    public void close() {
        product.close();
    }

    /**
     * One product.
     *
     * @param work counts what was done
     */
    @Benchmark
    public void multiply(Work work) {
        product.multiply();
        work.gigaflop += gigaflop;
    }
}
