package io.dfc.api.reference;

/** Speed of float64 multiply-adds that wait for nothing, on one thread. */
final class PeakMeasurement {
    private static final int ROUNDS = 20;
    private static final int STEPS = 2_000_000;

    private PeakMeasurement() {}

    /** {@return floating-point operations per second, the best of some rounds} */
    static double measure() {
        double best = 0;
        double sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            sink += run(STEPS, 1 - 1e-9 * round, 1e-9);
            double seconds = (System.nanoTime() - start) * 1e-9;
            best = Math.max(best, 2.0 * 8 * STEPS / seconds);
        }
        // The result is looked at, so that the compiler cannot leave the work out.
        return sink == 0 ? 0 : best;
    }

    private static double run(int steps, double x, double y) {
        double a = 1;
        double b = 2;
        double c = 3;
        double d = 4;
        double e = 5;
        double f = 6;
        double g = 7;
        double h = 8;
        for (int i = 0; i < steps; i++) {
            a = Math.fma(a, x, y);
            b = Math.fma(b, x, y);
            c = Math.fma(c, x, y);
            d = Math.fma(d, x, y);
            e = Math.fma(e, x, y);
            f = Math.fma(f, x, y);
            g = Math.fma(g, x, y);
            h = Math.fma(h, x, y);
        }
        return a + b + c + d + e + f + g + h;
    }
}
