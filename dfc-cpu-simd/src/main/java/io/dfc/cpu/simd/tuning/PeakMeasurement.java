package io.dfc.cpu.simd.tuning;

import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.runtime.Workers;

import jdk.incubator.vector.FloatVector;

/** Speed of float32 multiply-adds that wait for nothing, on all workers at once. */
public final class PeakMeasurement {
    private static final int ROUNDS = 20;
    private static final int STEPS = 250_000;
    private static final int ACCUMULATORS = 12;

    private PeakMeasurement() {}

    /** {@return floating-point operations per second, the best of some rounds} */
    public static double measure(Workers workers) {
        float[] out = new float[workers.threads() * Simd.LANES];
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            workers.run(workers.threads(), w -> run(STEPS, out, w * Simd.LANES));
            double seconds = (System.nanoTime() - start) * 1e-9;
            double operations = 2.0 * ACCUMULATORS * Simd.LANES * STEPS * workers.threads();
            best = Math.max(best, operations / seconds);
        }
        // The result is looked at, so that the compiler cannot leave the work out.
        return out[0] == 0 ? 0 : best;
    }

    private static void run(int steps, float[] out, int at) {
        FloatVector y = FloatVector.broadcast(Simd.F, 0.001f);
        FloatVector c0 = y;
        FloatVector c1 = y;
        FloatVector c2 = y;
        FloatVector c3 = y;
        FloatVector c4 = y;
        FloatVector c5 = y;
        FloatVector c6 = y;
        FloatVector c7 = y;
        FloatVector c8 = y;
        FloatVector c9 = y;
        FloatVector c10 = y;
        FloatVector c11 = y;
        // Sums are added to, as in a product. One that is multiplied would have to be copied first,
        // because the instruction overwrites what it adds to.
        for (int i = 0; i < steps; i++) {
            FloatVector x = FloatVector.broadcast(Simd.F, 0.999f);
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
        }
        y.add(c0)
                .add(c1)
                .add(c2)
                .add(c3)
                .add(c4)
                .add(c5)
                .add(c6)
                .add(c7)
                .add(c8)
                .add(c9)
                .add(c10)
                .add(c11)
                .intoArray(out, at);
    }
}
