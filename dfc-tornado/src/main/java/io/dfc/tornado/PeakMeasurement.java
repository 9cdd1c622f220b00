package io.dfc.tornado;

/** Measures how fast the device multiplies and adds when nothing else holds it up. */
final class PeakMeasurement {
    private static final int GROUPS_PER_UNIT = 16;
    private static final double LONG_ENOUGH = 0.1;
    private static final int RUNS = 5;

    private PeakMeasurement() {}

    /**
     * The best of some runs, in operations per second.
     *
     * @param units compute units of the device
     */
    static double measure(ProgramPool pool, int units) {
        DeviceProgram program = pool.takeLeast();
        try {
            int groups = Math.clamp((long) units * GROUPS_PER_UNIT, 16, 4096);
            program.set(Slots.DESTINATION, 0);
            program.set(Slots.FACTOR, 1e-6);
            program.set(Slots.STEP_LENGTH, 0.999);
            run(program, groups, 1);
            int turns = 1 << 10;
            while (run(program, groups, turns) < LONG_ENOUGH && turns < 1 << 28) {
                turns *= 2;
            }
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < RUNS; i++) {
                best = Math.min(best, run(program, groups, turns));
            }
            return 2.0 * PeakKernels.CHAINS * turns * groups * program.group() / best;
        } finally {
            pool.giveBack(program);
        }
    }

    private static double run(DeviceProgram program, int groups, int turns) {
        program.set(Slots.TO, turns);
        long start = System.nanoTime();
        program.launch(Kernel.MULTIPLY_ADD, groups);
        // Waits for the launch.
        program.read(0, 1);
        return (System.nanoTime() - start) * 1e-9;
    }
}
