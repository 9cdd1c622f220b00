package io.dfc.cpu.simd.program;

/**
 * Something that a program adds up over the samples, in tasks that may be done at once; one that
 * runs at the same time as others adds to something else than they do.
 */
interface Accumulation {
    /** Number of tasks. */
    int tasks();

    /** Does one of them. */
    void run(int task);
}
