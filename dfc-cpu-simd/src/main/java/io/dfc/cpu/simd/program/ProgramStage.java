package io.dfc.cpu.simd.program;

/** A part of a program that ends before the next one begins, on whatever threads. */
interface ProgramStage {
    /**
     * Does it.
     *
     * @param round round of the current repetition, from 0; 0 outside of one
     */
    void run(int round);
}
