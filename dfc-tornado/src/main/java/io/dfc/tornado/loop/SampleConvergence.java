package io.dfc.tornado.loop;

import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.Arrays;

/**
 * Convergence and divergence of each sample in a loop.
 *
 * @param rows distance ratio, whether converged, whether diverged, and diverged time points: {@link
 *     #ROWS} rows of a number to a sample, padded
 * @param samples number of samples
 */
record SampleConvergence(float[] rows, int samples) {
    private static final int ROWS = 4;

    /** Of the loop that was the last on the device. */
    static SampleConvergence read(DeviceShare device, MemoryLayout layout, int samples) {
        return new SampleConvergence(
                device.read(layout.at(TableLayout.DISTANCE_RATIO), ROWS * layout.padded), samples);
    }

    /** Of a loop under which every sample counts as converged. */
    static SampleConvergence allConverged(int samples) {
        float[] rows = new float[ROWS * samples];
        Arrays.fill(rows, samples, 2 * samples, 1);
        return new SampleConvergence(rows, samples);
    }

    Tensor distanceRatio() {
        return Tensor.wrap(Arrays.copyOf(rows, samples), samples);
    }

    boolean[] converged() {
        return mask(1);
    }

    boolean[] diverged() {
        return mask(2);
    }

    private float get(int row, int sample) {
        return rows[row * (rows.length / ROWS) + sample];
    }

    private boolean[] mask(int row) {
        boolean[] out = new boolean[samples];
        for (int s = 0; s < samples; s++) {
            out[s] = get(row, s) > 0;
        }
        return out;
    }

    int[] divergedTimePoints() {
        int[] out = new int[samples];
        for (int s = 0; s < samples; s++) {
            out[s] = Math.round(get(3, s));
        }
        return out;
    }

    /** Number of samples in a mask. */
    static int count(boolean[] mask) {
        int n = 0;
        for (boolean b : mask) {
            n += b ? 1 : 0;
        }
        return n;
    }
}
