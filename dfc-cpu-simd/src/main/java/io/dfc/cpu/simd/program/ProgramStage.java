package io.dfc.cpu.simd.program;

/** A part of a program. All threads complete it before the next stage begins. */
interface ProgramStage {
    /**
     * Runs the stage.
     *
     * @param round round of the current repetition, from 0; 0 outside of one
     */
    void run(int round);
}
