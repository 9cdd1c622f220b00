package io.dfc.tornado.backend;

import io.dfc.tornado.kernel.PeakKernels;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;
import io.dfc.tornado.runtime.KernelPool;

/** Measures the peak rate of multiply-adds of a device, on registers alone. */
final class PeakMeasurement {
    private static final int GROUPS_PER_UNIT = 16;
    private static final double MIN_SECONDS = 0.1;
    private static final int RUNS = 5;

    private PeakMeasurement() {}

    /**
     * The best of some runs, in operations per second.
     *
     * @param units compute units of the device
     */
    static double measure(KernelPool pool, int units) {
        try (DeviceShare device = pool.takeSmallest()) {
            int groups = Math.clamp((long) units * GROUPS_PER_UNIT, 16, 4096);
            device.set(TableLayout.DESTINATION, 0);
            device.set(TableLayout.FACTOR, 1e-6);
            device.set(TableLayout.STEP_LENGTH, 0.999);
            run(device, groups, 1);
            int turns = 1 << 10;
            while (run(device, groups, turns) < MIN_SECONDS && turns < 1 << 28) {
                turns *= 2;
            }
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < RUNS; i++) {
                best = Math.min(best, run(device, groups, turns));
            }
            return 2.0 * PeakKernels.CHAINS * turns * groups * device.group() / best;
        }
    }

    private static double run(DeviceShare device, int groups, int turns) {
        device.set(TableLayout.END_STEP, turns);
        long start = System.nanoTime();
        device.launch(Kernel.MULTIPLY_ADD, groups);
        // Waits for the launch.
        device.read(0, 1);
        return (System.nanoTime() - start) * 1e-9;
    }
}
