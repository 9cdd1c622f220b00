package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/** First and second moments over time of the control and the output of an {@link OutputLoop}. */
public final class LoopMoments {
    /** Index of the control signal. */
    static final int CONTROL = 0;

    /** Index of the output deviation. */
    static final int OUTPUT = 1;

    private final int outputs;
    private final int n;

    /** Sums of the control, its squares, the output and its squares, [4, n_L, lanes]. */
    private final float[] sums;

    LoopMoments(int outputs) {
        this.outputs = outputs;
        n = outputs * LANES;
        sums = new float[4 * n];
    }

    void clear() {
        Arrays.fill(sums, 0f);
    }

    /** Adds a time point: control and output deviation, [n_L, lanes]. */
    void add(float[] control, float[] output) {
        for (int at = 0; at < n; at += LANES) {
            FloatVector x = fromArray(F, control, at);
            FloatVector y = fromArray(F, output, at);
            fromArray(F, sums, at).add(x).intoArray(sums, at);
            x.fma(x, fromArray(F, sums, at + n)).intoArray(sums, at + n);
            fromArray(F, sums, at + 2 * n).add(y).intoArray(sums, at + 2 * n);
            y.fma(y, fromArray(F, sums, at + 3 * n)).intoArray(sums, at + 3 * n);
        }
    }

    /** Squared norm of the mean of {@link #CONTROL} or {@link #OUTPUT} of a lane. */
    public double squaredMean(int which, int lane, int points) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            double mean = sums[2 * which * n + j * LANES + lane] / points;
            sum += mean * mean;
        }
        return sum;
    }

    /** Variance, added over the components, of {@link #CONTROL} or {@link #OUTPUT} of a lane. */
    public double variance(int which, int lane, int points) {
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            sum += sums[(2 * which + 1) * n + j * LANES + lane] / (double) points;
        }
        return Math.max(0, sum - squaredMean(which, lane, points));
    }
}
