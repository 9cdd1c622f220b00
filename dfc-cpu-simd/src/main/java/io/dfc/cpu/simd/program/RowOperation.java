package io.dfc.cpu.simd.program;

/** An operation of a program that treats each sample by itself, hence any share of the samples. */
interface RowOperation {
    /**
     * Applies the operation to rows of the minibatch, those of whole tiles.
     *
     * @param task share of the minibatch that they are, which selects working memory
     * @param first first row
     * @param rows number of rows
     * @param round round of the current repetition, from 0; 0 outside of one
     */
    void run(int task, int first, int rows, int round);
}
