package io.dfc.cpu.simd.runtime;

import io.dfc.cpu.simd.kernel.Simd;

import jdk.incubator.vector.FloatVector;

import java.util.concurrent.TimeUnit;

/** Compares vector code with plain loops, while both are being compiled. */
final class VectorSpeed {
    private static final int LENGTH = 2048;

    /** Long enough for the second compiler on a busy machine; a good one needs a third of it. */
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private VectorSpeed() {}

    /**
     * {@return whether float32 vectors come to be faster than float64 numbers one at a time} It
     * takes less than half a second, and much less where they do.
     */
    static boolean beatsPlainLoops() {
        float[] floats = new float[LENGTH];
        double[] doubles = new double[LENGTH];
        long plain = Long.MAX_VALUE;
        long vectors = Long.MAX_VALUE;
        double sum = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < LONGEST_NANOS) {
            long begin = System.nanoTime();
            sum += plain(doubles);
            long middle = System.nanoTime();
            sum += vectors(floats);
            long end = System.nanoTime();
            plain = Math.min(plain, middle - begin);
            vectors = Math.min(vectors, end - middle);
            if (vectors < plain) {
                break;
            }
        }
        // The sum is looked at, so that no compiler can leave the work out.
        return vectors < plain && !Double.isNaN(sum);
    }

    private static double plain(double[] x) {
        double sum = 1;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * 0.5;
        }
        return sum;
    }

    private static float vectors(float[] x) {
        FloatVector half = FloatVector.broadcast(Simd.F, 0.5f);
        FloatVector a = FloatVector.zero(Simd.F);
        FloatVector b = a;
        for (int i = 0; i < x.length; i += 2 * Simd.LANES) {
            a = FloatVector.fromArray(Simd.F, x, i).fma(half, a);
            b = FloatVector.fromArray(Simd.F, x, i + Simd.LANES).fma(half, b);
        }
        return FloatVector.zero(Simd.F).add(a).add(b).lane(0);
    }
}
