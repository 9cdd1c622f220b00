package io.dfc.cpu.simd.program;

/**
 * A sum of a program over the samples, in tasks that may run in parallel. Accumulations that run in
 * parallel add to different arrays.
 */
interface Accumulation {
    /** Number of tasks. */
    int tasks();

    /** Executes one of them. */
    void run(int task);
}
