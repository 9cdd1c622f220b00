package io.dfc.cpu.simd.program;

import io.dfc.cpu.simd.model.Batch;

import java.util.Arrays;

/** Sums of a program that are small enough for one task each. */
final class SingleTaskSums {
    /** A sum of one task. */
    private record Single(Runnable work) implements Accumulation {
        @Override
        public int tasks() {
            return 1;
        }

        @Override
        public void run(int task) {
            work.run();
        }
    }

    private SingleTaskSums() {}

    /**
     * {@code g += factor sum_b post}, or the mean.
     *
     * @param sets whether the gradient is set and not added to
     */
    static Accumulation rows(
            Batch batch, double factor, boolean mean, BufferRows post, float[] g, boolean sets) {
        double[] sums = new double[g.length];
        return new Single(
                () -> {
                    Arrays.fill(sums, 0);
                    for (int s = 0; s < batch.samples; s++) {
                        add(sums, post.data(), s * post.stride());
                    }
                    double scale = (float) (mean ? factor / batch.samples : factor);
                    for (int j = 0; j < g.length; j++) {
                        float sum = (float) (scale * sums[j]);
                        g[j] = sets ? sum : g[j] + sum;
                    }
                });
    }

    private static void add(double[] sums, float[] x, int at) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += x[at + j];
        }
    }

    /**
     * {@code g += factor mean_b(scale) xi}.
     *
     * @param sets whether the gradient is set and not added to
     */
    static Accumulation noise(
            Batch batch, double factor, BufferRows scale, float[] xi, float[] g, boolean sets) {
        return new Single(
                () -> {
                    float weight = (float) (factor * mean(batch, scale));
                    for (int k = 0; k < g.length; k++) {
                        float part = weight * xi[k];
                        g[k] = sets ? part : g[k] + part;
                    }
                });
    }

    /** Writes the mean of a buffer of width 1. */
    static Accumulation report(Batch batch, BufferRows in, double[] numbers, int at) {
        return new Single(() -> numbers[at] = mean(batch, in));
    }

    private static double mean(Batch batch, BufferRows x) {
        double sum = 0;
        for (int s = 0; s < batch.samples; s++) {
            sum += x.data()[s * x.stride()];
        }
        return sum / batch.samples;
    }
}
